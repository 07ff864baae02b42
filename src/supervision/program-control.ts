import type { RestartSettings } from '../../machines/restart-types.js';
import type { Boot } from '../restart/restart-schemas.js';

/** How whoever looks after a restart reaches the program: as its parent, from inside it, or not at all. */
export interface ProgramControl {
  /** Has it answer what is under way; no longer than `drainMs`. */
  drain(settings: RestartSettings): Promise<void>;
  /** Ends it, if it runs. @throws PROGRAM_NOT_STOPPED. */
  stop(graceMs: number): Promise<void>;
  /** Starts it, and resolves when it is ready. @throws PROGRAM_EXITED, PROGRAM_NOT_READY. */
  start(boot: Boot, settings: RestartSettings, signal: AbortSignal): Promise<void>;
  /** Resolves when it was well for `confirmAfterMs`. @throws PROGRAM_EXITED, PROGRAM_UNHEALTHY. */
  watch(settings: RestartSettings, signal: AbortSignal): Promise<void>;
}
