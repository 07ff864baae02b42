import type { RestartEvent } from '../../machines/restart-types.js';
import { MoultError } from '../errors/moult-error.js';
import { withSystemErrors } from '../errors/with-system-errors.js';
import { flushNotices } from '../service/notices.js';
import type { ServiceOptions } from '../service/service-options.js';
import type { Lock } from '../store/lock.js';
import { ChildControl, type ProgramCommand } from './child-control.js';
import { RestartRunner, type RestartBeginning } from './restart-runner.js';
import { openRestartSite, settingsOf, type RestartSite } from './restart-site.js';
import { refuseInSafeMode } from './refuse-in-safe-mode.js';
import { takeCharge } from './take-charge.js';

export interface GuardOptions extends Omit<ServiceOptions, 'restart' | 'editor' | 'inspect' | 'onProgress'> {
  /** The project root. */
  root: string;
  /** What starts the program; run in the project root, without a shell. */
  command: string;
  args?: readonly string[];
  /** Where the state is, when that is known without the project's configuration. */
  stateDirectory?: string;
  /** Takes over from a guard of another machine or container, when you know that it is gone. Default false. */
  takeOverLock?: boolean;
}

/** How the program ended in the end. */
export interface GuardEnd {
  /** Null where a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

const pollMs = 100;
/** What could not be told by then is told by the next process. */
const flushMs = 2_000;

/**
 * The process outside the code that is being changed: it starts the program and, where a restart is due, has it drain, starts
 * the new version, watches it, and keeps it or takes the change back. While nothing is to be restarted it only waits, and
 * ends as the program ends.
 */
export class Guard {
  private control: ChildControl | null = null;
  private runner: RestartRunner | null = null;
  private isEnding = false;
  private wake: () => void = () => undefined;

  constructor(private readonly options: GuardOptions) {}

  /**
   * Resolves when the program has ended for good.
   *
   * @throws SAFE_MODE where a person has to see to the program first, or where that came out; GUARD_RUNNING.
   */
  async run(): Promise<GuardEnd> {
    return withSystemErrors(async () => {
      const { root, command, args = [], takeOverLock = false, stateDirectory, ...options } = this.options;
      const site = await openRestartSite(root, options, { stateDirectory });
      await refuseInSafeMode(site);
      const lock = await takeCharge(site, takeOverLock);
      try {
        return await this.look(site, lock, { command, args, cwd: site.project.root });
      } finally {
        await flushNotices(site.host, flushMs);
        await lock.release();
      }
    });
  }

  /** Passes a signal on to the program; one that asks for an end also ends what is being tried. */
  async forward(signal: NodeJS.Signals): Promise<void> {
    if (['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'].includes(signal)) {
      this.isEnding = true;
      await this.runner?.leave();
    }
    this.control?.program?.forward(signal);
    this.wake();
  }

  private async look(site: RestartSite, lock: Lock, command: ProgramCommand): Promise<GuardEnd> {
    const control = new ChildControl(site, command, (message) => {
      this.runner?.send({ type: 'PROGRAM_EXITED', message });
      this.wake();
    });
    this.control = control;
    await control.endOrphans();
    await this.goOn(site, lock, control);
    for (;;) {
      if (!control.program && !this.isEnding) await control.startPlain();
      const { program } = control;
      if (this.isEnding) await program?.exited;
      if (!program?.isRunning) return endOf(program);
      await this.takeUpRequest(site, lock, control);
      await this.pause(site);
    }
  }

  /** A restart that was under way when the last guard ended. */
  private async goOn(site: RestartSite, lock: Lock, control: ChildControl): Promise<void> {
    const record = await site.store.readRecord();
    if (record?.snapshot.status !== 'active') return;
    site.host.logger.warn(`[moult] ${record.restartId} was under way; it goes on.`);
    const first: RestartEvent =
      record.snapshot.value === 'scheduled'
        ? { type: 'PROGRAM_EXITED', message: 'it does not run' }
        : { type: 'INTERRUPTED' };
    await this.perform(site, lock, control, { record }, first);
  }

  private async takeUpRequest(site: RestartSite, lock: Lock, control: ChildControl): Promise<void> {
    const request = await site.store.readRequest();
    if (!request) return;
    const isDone = (await site.store.readRecord())?.restartId === request.restartId;
    // Our own settings: the change that is to be judged may have changed the configuration.
    const input = { ...request, settings: settingsOf(site.config) };
    if (isDone) await site.store.removeRequest();
    else await this.perform(site, lock, control, { input });
  }

  private async perform(
    site: RestartSite,
    lock: Lock,
    control: ChildControl,
    beginning: RestartBeginning,
    first?: RestartEvent,
  ): Promise<void> {
    const runner = new RestartRunner({ site, lock, control, startedBy: 'guard' }, beginning);
    this.runner = runner;
    await runner.start(first);
    await runner.isOnDisk();
    await site.store.removeRequest();
    const state = await runner.reached();
    this.runner = null;
    if (state === 'safe_mode') throw new MoultError('SAFE_MODE', { file: site.store.folder.safeMode });
  }

  private async pause({ host }: RestartSite): Promise<void> {
    await new Promise<void>((resolve) => {
      const unschedule = host.clock.schedule(pollMs, resolve);
      this.wake = () => {
        unschedule();
        resolve();
      };
    });
  }
}

function endOf(program: ChildControl['program']): GuardEnd {
  if (!program) return { exitCode: 0, signal: null };
  const { exitCode, signal, exit } = program;
  // 127 is what a shell answers for a command that cannot be started.
  return { exitCode: exitCode ?? (signal === null && exit !== null ? 127 : null), signal };
}
