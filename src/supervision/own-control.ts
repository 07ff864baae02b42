import type { RestartSettings } from '../../machines/restart-types.js';
import { MoultError } from '../errors/moult-error.js';
import type { OwnProgram } from '../process/own-program.js';
import { parseCommand } from '../checks/parse-command.js';
import { probe } from '../restart/probe.js';
import type { Boot } from '../restart/restart-schemas.js';
import { probeUntilReady, probeWhileWatched } from './probing.js';
import type { ProgramControl } from './program-control.js';
import type { RestartSite } from './restart-site.js';
import type { ShutdownCallbacks } from './shutdown-callbacks.js';

/** Whoever restarts the program from outside has this long to end it. */
const outsideMs = 60_000;

/** The program seen from inside: it ends itself, and somebody outside starts it again. */
export class OwnControl implements ProgramControl {
  constructor(
    private readonly site: RestartSite,
    private readonly program: OwnProgram,
    private readonly callbacks: ShutdownCallbacks,
    private readonly hasSaidReady: () => boolean,
  ) {}

  async drain({ drainMs }: RestartSettings): Promise<void> {
    await this.callbacks.run('restart', drainMs);
  }

  /** Does not resolve: what comes next is another process's. */
  stop(): Promise<void> {
    const { strategy, command, exitCode } = this.site.config;
    if (strategy !== 'custom' || command === undefined) this.program.exit(exitCode);
    else this.runCommand(command);
    return new Promise((_, reject) => {
      const late = () =>
        reject(
          new MoultError('RESTART_UNAVAILABLE', {
            strategy,
            reason: `nothing ended the program within ${outsideMs / 1000} s`,
          }),
        );
      this.site.host.clock.schedule(outsideMs, late);
    });
  }

  async start(_: Boot, { readyWithinMs }: RestartSettings, signal: AbortSignal): Promise<void> {
    await probeUntilReady({ ...this.watched(), withinMs: readyWithinMs, signal });
  }

  async watch({ confirmAfterMs }: RestartSettings, signal: AbortSignal): Promise<void> {
    await probeWhileWatched({ ...this.watched(), forMs: confirmAfterMs, signal });
  }

  /** It outlives this process, which it is to end. */
  private runCommand(commandLine: string): void {
    const { host, project } = this.site;
    const { program, args } = parseCommand(commandLine, 'restart.command');
    const child = host.spawn(program, args, { cwd: project.root, stdio: 'ignore', detached: true });
    child.once('error', (error) => host.logger.error(`[moult] \`${commandLine}\`: ${error.message}`));
    child.unref();
  }

  private watched() {
    const { host, project, store, config } = this.site;
    const { fileSystem, spawn, clock } = host;
    const around = {
      ...{ fileSystem, spawn, hasSaidReady: this.hasSaidReady },
      root: project.root,
      readyFile: store.folder.readyFile,
    };
    return {
      clock,
      exit: () => null,
      exited: new Promise<void>(() => undefined),
      look: () => probe(config.readiness, around),
    };
  }
}
