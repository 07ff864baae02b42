import { MoultError } from '../errors/moult-error.js';
import { withSystemErrors } from '../errors/with-system-errors.js';
import type { RestartEvent } from '../../machines/restart-types.js';
import type { Supervisor } from '../process/detect-supervisor.js';
import { flushNotices } from '../service/notices.js';
import type { ServiceOptions } from '../service/service-options.js';
import type { Fence } from '../store/fence.js';
import type { Lock } from '../store/lock.js';
import { OuterControl } from './outer-control.js';
import { refuseInSafeMode } from './refuse-in-safe-mode.js';
import { RestartRunner, type RestartBeginning } from './restart-runner.js';
import { openRestartSite, settingsOf, type RestartSite } from './restart-site.js';
import { takeCharge } from './take-charge.js';

export interface PrebootOptions extends Omit<
  ServiceOptions,
  'restart' | 'editor' | 'inspect' | 'onProgress'
> {
  root: string;
  stateDirectory?: string;
  takeOverLock?: boolean;
  /** Who starts the program; it is noted for the program. */
  supervisor: Supervisor | null;
}

/** The process that ran before may be dying still. */
const patienceMs = 10_000;
const pollMs = 100;
/** A start does not wait longer for a notice; what is left is told by the next process. */
const flushMs = 2_000;

/**
 * Prepares a start of the program that somebody else makes: counts the attempt, and takes the change back once too many have
 * failed. What comes of the start is told by the program itself, or by the next call of this.
 *
 * @throws SAFE_MODE where the program must not be started.
 */
export async function preboot(options: PrebootOptions): Promise<void> {
  return withSystemErrors(async () => {
    const { root, stateDirectory, takeOverLock = false, supervisor, ...rest } = options;
    const site = await openRestartSite(root, rest, { stateDirectory });
    await refuseInSafeMode(site);
    const lock = await takeChargePatiently(site, takeOverLock);
    if (lock === null) return;
    try {
      await prepareStart(site, lock, supervisor);
    } finally {
      await flushNotices(site.host, flushMs);
      await lock.release();
    }
  });
}

/** Null where a living process looks after the program: then that decides. */
async function takeChargePatiently(site: RestartSite, takeOverLock: boolean): Promise<Lock | null> {
  const { clock, logger } = site.host;
  const deadline = clock.now() + patienceMs;
  for (;;) {
    try {
      return await takeCharge(site, takeOverLock);
    } catch (error) {
      if (!(error instanceof MoultError) || error.code !== 'GUARD_RUNNING') throw error;
      if (clock.now() >= deadline) {
        logger.warn(`[moult] ${error.message}`);
        return null;
      }
    }
    await new Promise<void>((resolve) => clock.schedule(pollMs, resolve));
  }
}

/** Takes the step of a pending restart that comes before a start, and notes what the start is about. */
export async function prepareStart(
  site: RestartSite,
  lock: Fence,
  supervisor: Supervisor | null,
): Promise<void> {
  const { store, host } = site;
  const beginning = await pendingRestart(site);
  if (beginning) {
    const control = new OuterControl();
    const runner = new RestartRunner({ site, lock, control, startedBy: 'preboot', supervisor }, beginning);
    await runner.start(firstEvent(beginning));
    await Promise.race([runner.reached(), control.handedOver]);
    await store.removeRequest();
    const state = runner.state;
    await runner.leave();
    if (state === 'safe_mode') throw new MoultError('SAFE_MODE', { file: store.folder.safeMode });
    if (!runner.hasEnded) return;
  }
  const none = { restartId: null, taskId: null, reason: null, why: null };
  const at = new Date(host.clock.now()).toISOString();
  await store.writeBoot({
    ...{ kind: 'plain', ...none, attempt: 0, at, by: 'preboot', supervisor, isClaimed: false },
  });
}

/** One that was under way, or was asked for and not begun. */
async function pendingRestart({ store, config }: RestartSite): Promise<RestartBeginning | null> {
  const record = await store.readRecord();
  if (record?.snapshot.status === 'active') return { record };
  const request = await store.readRequest();
  if (!request || request.restartId === record?.restartId) return null;
  return { input: { ...request, settings: settingsOf(config) } };
}

/** The program is about to be started: whatever ran before has ended. */
function firstEvent(beginning: RestartBeginning): RestartEvent {
  const isScheduled = 'input' in beginning || beginning.record.snapshot.value === 'scheduled';
  return isScheduled ? { type: 'PROGRAM_EXITED', message: 'it ended' } : { type: 'INTERRUPTED' };
}
