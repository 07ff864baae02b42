import type { RestartSettings } from '../../machines/restart-types.js';
import { MoultError } from '../errors/moult-error.js';
import { ChildProgram } from '../process/child-program.js';
import { endProcess } from '../process/end-process.js';
import { killOrphans } from '../process/kill-orphans.js';
import { probe, readyFileOf, type ProbeSurroundings } from '../restart/probe.js';
import type { Boot } from '../restart/restart-schemas.js';
import { bootVariables } from './boot-variables.js';
import { probeUntilReady, probeWhileWatched } from './probing.js';
import type { ProgramControl } from './program-control.js';
import type { RestartSite } from './restart-site.js';

export interface ProgramCommand {
  command: string;
  args: readonly string[];
  cwd: string;
}

/** Marks every process that belongs to a run of the program; its value is the place of its restarts. */
const programTag = 'MOULT_PROGRAM';

/** The program as a child of this process. */
export class ChildControl implements ProgramControl {
  /** The newest run of it; null before the first. */
  program: ChildProgram | null = null;

  constructor(
    private readonly site: RestartSite,
    private readonly command: ProgramCommand,
    /** Called when a run of it ends, for whatever reason. */
    private readonly onExit: (exit: string) => void,
  ) {}

  /** Starts it, for no restart; nobody waits until it is ready. */
  async startPlain(): Promise<void> {
    const at = new Date(this.site.host.clock.now()).toISOString();
    const none = { restartId: null, taskId: null, reason: null, why: null, supervisor: null };
    const boot: Boot = { kind: 'plain', ...none, attempt: 0, at, by: 'guard', isClaimed: false };
    await this.site.store.writeBoot(boot);
    await this.spawn(boot);
  }

  /** Ends what an earlier guard started and nobody looks after any more: it holds the port. */
  async endOrphans(): Promise<void> {
    const { store, host, config } = this.site;
    const orphan = await store.readProgram();
    if (orphan) {
      host.logger.warn(`[moult] process ${orphan.pid} of an earlier guard still runs; it is ended.`);
      await endProcess(orphan, config.stopMs);
    }
    await this.sweep();
  }

  async drain({ drainMs }: RestartSettings): Promise<void> {
    await this.program?.drain(drainMs);
  }

  async stop(graceMs: number): Promise<void> {
    await this.program?.stop(graceMs);
    await this.sweep();
  }

  async start(boot: Boot, { readyWithinMs }: RestartSettings, signal: AbortSignal): Promise<void> {
    const program = await this.spawn(boot);
    await probeUntilReady({
      ...this.watchOf(program),
      withinMs: readyWithinMs,
      signal,
    });
  }

  async watch({ confirmAfterMs }: RestartSettings, signal: AbortSignal): Promise<void> {
    if (!this.program) throw new MoultError('PROGRAM_EXITED', { exit: 'was not started', phase: 'at all' });
    await probeWhileWatched({ ...this.watchOf(this.program), forMs: confirmAfterMs, signal });
  }

  private watchOf(program: ChildProgram) {
    const { config, host } = this.site;
    const around: ProbeSurroundings = this.probeSurroundings(program);
    return {
      clock: host.clock,
      exit: () => program.exit,
      exited: program.exited,
      look: () => probe(config.readiness, around),
    };
  }

  private probeSurroundings(program: ChildProgram): ProbeSurroundings {
    const { host, project, store } = this.site;
    const { fileSystem, spawn } = host;
    const { readyFile } = store.folder;
    return { fileSystem, spawn, root: project.root, readyFile, hasSaidReady: () => program.isReady };
  }

  private async spawn(boot: Boot): Promise<ChildProgram> {
    const { host, project, store, config } = this.site;
    const places = { root: project.root, readyFile: store.folder.readyFile };
    const readyFile = readyFileOf(config.readiness, places);
    if (readyFile !== null) await host.fileSystem.rm(readyFile, { force: true });
    const program = ChildProgram.start(host.spawn, {
      ...this.command,
      env: {
        ...bootVariables(boot),
        MOULT_READY_FILE: readyFile ?? undefined,
        [programTag]: store.folder.path,
      },
    });
    this.program = program;
    if (program.identity) await store.writeProgram(program.identity);
    void program.exited.then(() => this.onExit(program.exit ?? 'ended'));
    return program;
  }

  /** What the program started in groups of its own. */
  private async sweep(): Promise<void> {
    const { host, store } = this.site;
    await killOrphans({ fileSystem: host.fileSystem, tag: programTag, mark: store.folder.path });
  }
}
