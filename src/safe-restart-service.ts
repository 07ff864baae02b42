import type { RestartAnswer } from '../machines/improvement-types.js';
import { MoultError } from './errors/moult-error.js';
import { withSystemErrors } from './errors/with-system-errors.js';
import { ownProgram, type OwnProgram } from './process/own-program.js';
import { copyGuard } from './restart/copy-guard.js';
import { noRestart } from './restart/no-restart.js';
import type { RestartPort } from './restart/restart-port.js';
import type { ServiceOptions } from './service/service-options.js';
import { chooseStrategy, someoneIsInCharge, type ChosenStrategy } from './supervision/choose-strategy.js';
import { OwnRestarts } from './supervision/own-restarts.js';
import { refuseInSafeMode } from './supervision/refuse-in-safe-mode.js';
import {
  readRestartInfo,
  readRestartStatus,
  type RestartInfo,
  type RestartStatus,
} from './supervision/restart-info.js';
import { openRestartSite, settingsOf, type RestartSite } from './supervision/restart-site.js';
import { ShutdownCallbacks, type ShutdownCallback } from './supervision/shutdown-callbacks.js';
import { takeCharge } from './supervision/take-charge.js';

export interface SafeRestartOptions extends ServiceOptions {
  /** The process that is restarted. Default: this one. */
  program?: OwnProgram;
  /** False where this process is not the program, as a command line is not: then only a guard can restart it. Default true. */
  isProgram?: boolean;
}

export interface ScheduleRestartRequest {
  reason: string;
  /** Default: `restart.delayMs` of the configuration. */
  delayMs?: number;
  /** The seed's field; who is told is a matter of the notifier. */
  notifySlack?: boolean;
  /** The improvement that needs it. Default: none, then nothing is taken back where it fails. */
  taskId?: string;
}

/**
 * Restarts the program so that the new version has to prove itself. Who does it, a guard or the program, is found out.
 * One restart at a time; a scheduled one survives a crash.
 */
export class SafeRestartService implements RestartPort {
  readonly isRepeatable = true;
  private readonly program: OwnProgram;
  private readonly callbacks: ShutdownCallbacks;
  private site: Promise<RestartSite> | null = null;
  private own: OwnRestarts | null = null;
  private info: RestartInfo | null = null;
  private hearsGuard = false;

  /** @param projectRoot Default: the current directory. */
  constructor(
    private readonly projectRoot: string = '.',
    private readonly options: SafeRestartOptions = {},
  ) {
    this.program = options.program ?? ownProgram;
    const now = { now: () => Date.now(), schedule: scheduleQuietly };
    const { clock = now, logger } = options;
    this.callbacks = new ShutdownCallbacks(clock, logger ?? { ...silent, warn: (line) => this.warn(line) });
  }

  /**
   * To be called when the program starts: goes on with the restart because of which it was started, and tells about it.
   *
   * @throws SAFE_MODE where the program must not run.
   */
  async resume(): Promise<RestartInfo> {
    return withSystemErrors(async () => {
      const site = await this.open();
      await refuseInSafeMode(site);
      const own = await this.takeCharge(site);
      await own?.goOn();
      this.info = await readRestartInfo(site);
      if (own) await this.stayOrStepBack(site, own);
      else if ((await site.store.readBoot())?.by === 'program') this.followPredecessor(site);
      return this.info;
    });
  }

  /** The program says that it is ready; what `process.send('ready')` says to a guard. */
  ready(): void {
    this.own?.ready();
    this.program.send({ type: 'ready' });
  }

  /**
   * Has the program restarted.
   *
   * @returns whether the restart will confirm the improvement or take it back.
   * @throws RESTART_PENDING while another one is under way, RESTART_UNAVAILABLE.
   */
  async scheduleRestart(request: ScheduleRestartRequest): Promise<RestartAnswer> {
    return withSystemErrors(async () => {
      const { taskId = null, reason } = request;
      const looked = await this.open(false);
      const chosen = await chooseStrategy(looked, this.own !== null);
      const { logger } = looked.host;
      logger.info(`[moult] restart by the strategy "${chosen.strategy}": ${chosen.because}.`);
      if (!this.canRestart(chosen)) return this.refuse(looked, chosen, taskId, reason);
      const site = await this.open();
      await copyGuard(site.host.fileSystem, site.store.folder);
      await this.request(site, request, chosen);
      return { willConfirm: taskId !== null };
    });
  }

  /** Takes back a restart that is only scheduled. False where none is, or where it is too late. */
  async cancelScheduledRestart(): Promise<boolean> {
    return withSystemErrors(async () => {
      const site = await this.open(false);
      const { isPending, restartId } = await readRestartStatus(site);
      if (!isPending) return false;
      await site.store.requestCancel();
      if (!this.own && !(await someoneIsInCharge(site))) return this.cancelForNobody(site);
      for (;;) {
        const status = await readRestartStatus(site);
        if (status.state === 'cancelled' || status.restartId !== restartId) return true;
        if (!status.isPending) return false;
        await new Promise<void>((resolve) => void scheduleQuietly(50, resolve));
      }
    });
  }

  /** Where the newest restart stands, with the time until it is due. */
  async getStatus(): Promise<RestartStatus> {
    return withSystemErrors(async () => readRestartStatus(await this.open(false)));
  }

  /**
   * Called before the program is restarted, the callback registered last first. Each has until its deadline; one that fails or
   * takes longer is left behind. The returned function takes it back.
   *
   * @param options `timeoutMs`. Default: what is left of `restart.drainMs`.
   */
  onShutdown(callback: ShutdownCallback, { timeoutMs }: { timeoutMs?: number } = {}): () => void {
    this.hearGuard();
    return this.callbacks.add(callback, timeoutMs);
  }

  /** Whether this start is a restart, or the old version coming back. Without a guard it is known after `resume()`. */
  isRestart(): boolean {
    const kind = this.info?.kind ?? this.program.environment().MOULT_START ?? 'plain';
    return kind !== 'plain';
  }

  /** Why the program was restarted; null for a start that is none. */
  getRestartReason(): string | null {
    if (!this.isRestart()) return null;
    return this.info?.reason ?? this.program.environment().MOULT_RESTART_REASON ?? null;
  }

  /** Why the program was started this time, as it is on disk. */
  async getRestartInfo(): Promise<RestartInfo> {
    return withSystemErrors(async () => readRestartInfo(await this.open(false)));
  }

  private open(mayWrite = true): Promise<RestartSite> {
    if (!mayWrite && !this.site) return openRestartSite(this.projectRoot, this.options, { mayWrite });
    this.site ??= openRestartSite(this.projectRoot, this.options);
    return this.site;
  }

  private canRestart({ strategy }: ChosenStrategy): boolean {
    if (strategy === 'none') return false;
    return strategy === 'supervised' || this.options.isProgram !== false;
  }

  private refuse(
    { host }: RestartSite,
    { strategy, because }: ChosenStrategy,
    taskId: string | null,
    reason: string,
  ): RestartAnswer {
    if (taskId === null) throw new MoultError('RESTART_UNAVAILABLE', { strategy, reason: because });
    // A command line says in its report that somebody has to restart the program.
    if (this.options.isProgram !== false)
      void noRestart(host.logger).scheduleRestart({ taskId, reason, delayMs: 0, notifySlack: false });
    return { willConfirm: false };
  }

  private async request(
    site: RestartSite,
    { reason, delayMs = site.config.delayMs, ...request }: ScheduleRestartRequest,
    chosen: ChosenStrategy,
  ): Promise<void> {
    const taskId = request.taskId ?? null;
    const { host, store, config } = site;
    const status = await readRestartStatus(site);
    // Asked again, after a crash between the question and the answer.
    if (taskId !== null && status.taskId === taskId && status.state !== 'cancelled') return;
    const pending = () =>
      new MoultError('RESTART_PENDING', { restartId: status.restartId ?? '', reason: status.reason ?? '' });
    if (status.isUnderWay) throw pending();
    const now = host.clock.now();
    const input = {
      restartId: `rs-${now}`,
      taskId,
      reason,
      dueAt: now + delayMs,
      settings: settingsOf(config),
    };
    await store.takeCancelRequest();
    const own = chosen.strategy === 'supervised' ? null : await this.takeCharge(site);
    if (!(await store.writeRequest(input))) throw pending();
    own?.begin(input, chosen);
  }

  /** Null where a living guard is in charge. */
  private async takeCharge(site: RestartSite): Promise<OwnRestarts | null> {
    if (this.own) return this.own;
    if (this.options.isProgram === false) return null;
    try {
      this.own = new OwnRestarts(site, await takeCharge(site), this.program, this.callbacks);
    } catch (error) {
      if (!(error instanceof MoultError) || error.code !== 'GUARD_RUNNING') throw error;
      this.hearGuard();
    }
    return this.own;
  }

  /** Where it cannot restart itself and nothing is under way, a guard that is started later must find the place free. */
  private async stayOrStepBack(site: RestartSite, own: OwnRestarts): Promise<void> {
    const { strategy } = site.config;
    const chosen = strategy === 'supervised' ? null : await chooseStrategy(site, true);
    if (chosen && chosen.strategy !== 'none') return own.watchRequests(chosen);
    if (own.isAtWork) return;
    await own.lock.release();
    this.own = null;
  }

  /** Who started this as its successor looks after it, and leaves once it is well: then it looks after itself. */
  private followPredecessor(site: RestartSite): void {
    const look = async () => {
      const own = await this.takeCharge(site);
      if (!own) return this.followPredecessor(site);
      // The one before it was killed while it watched.
      if ((await site.store.readRecord())?.snapshot.status === 'active') await own.goOn();
      await this.stayOrStepBack(site, own);
    };
    scheduleQuietly(pollMs, () => void look().catch((error: Error) => this.warn(`[moult] ${error.message}`)));
  }

  /** Nobody has taken it up, and nobody can while we hold the lock. */
  private async cancelForNobody(site: RestartSite): Promise<boolean> {
    const lock = await takeCharge(site);
    try {
      await site.store.removeRequest();
      return await site.store.takeCancelRequest();
    } finally {
      await lock.release();
    }
  }

  private hearGuard(): void {
    if (this.hearsGuard || this.options.isProgram === false) return;
    this.hearsGuard = true;
    this.program.onMessage((message) => {
      const { type, withinMs } = (message ?? {}) as { type?: unknown; withinMs?: unknown };
      if (type !== 'moult:drain') return;
      void this.callbacks
        .run('restart', Number(withinMs) || 0)
        .then(() => this.program.send({ type: 'moult:drained' }));
    });
    this.program.send({ type: 'moult:drains' });
  }

  private warn(line: string): void {
    void this.open(false).then(({ host }) => host.logger.warn(line));
  }
}

const pollMs = 250;
const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Waiting for callbacks, and for an answer, keeps no program alive that wants to end. */
function scheduleQuietly(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
  return () => clearTimeout(timer);
}

let instance: SafeRestartService | null = null;

/** The service of the current directory, made on first use. */
export function getSafeRestartService(): SafeRestartService {
  instance ??= new SafeRestartService();
  return instance;
}

/** Forgets the service of `getSafeRestartService`, for tests. */
export function resetSafeRestartService(): void {
  instance = null;
}

/** Why the program in this folder was started this time, for who needs nothing else of the service. */
export function getRestartInfo(projectRoot = '.'): Promise<RestartInfo> {
  return new SafeRestartService(projectRoot).getRestartInfo();
}
