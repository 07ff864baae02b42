import type { RestartSettings } from '../../machines/restart-types.js';
import type { Boot } from '../restart/restart-schemas.js';
import type { ChildControl } from './child-control.js';
import type { ProgramControl } from './program-control.js';
import type { ShutdownCallbacks } from './shutdown-callbacks.js';

/** The program starts its successor, and stays until that one is well: meanwhile it is what the guard is elsewhere. */
export class RespawnControl implements ProgramControl {
  constructor(
    private readonly successor: ChildControl,
    private readonly callbacks: ShutdownCallbacks,
  ) {}

  async drain({ drainMs }: RestartSettings): Promise<void> {
    await this.callbacks.run('restart', drainMs);
  }

  /** Of this process nothing is left to be ended but that it watches. */
  async stop(graceMs: number): Promise<void> {
    await this.successor.stop(graceMs);
  }

  async start(boot: Boot, settings: RestartSettings, signal: AbortSignal): Promise<void> {
    await this.successor.start(boot, settings, signal);
  }

  async watch(settings: RestartSettings, signal: AbortSignal): Promise<void> {
    await this.successor.watch(settings, signal);
  }
}
