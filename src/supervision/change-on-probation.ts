import { MoultError } from '../errors/moult-error.js';
import { findTask, readFound, type Found } from '../service/find-task.js';
import { tell } from '../service/host.js';
import { loadTask } from '../service/load-task.js';
import { inExistingSession, type Session } from '../service/session.js';
import { isFinal, isResting, statePath } from '../service/state-path.js';
import { TimelineRecorder } from '../service/timeline-recorder.js';
import { composeNotice } from '../notify/compose-notice.js';
import type { Milestone } from '../notify/notifier.js';
import { Lock } from '../store/lock.js';
import type { RestartSite } from './restart-site.js';

const retryMs = 200;

/** The improvement that a restart is about, seen from outside the code it changes. */
export class ChangeOnProbation {
  constructor(
    private readonly site: RestartSite,
    private readonly taskId: string,
  ) {}

  /** Writes down beside its own story what happens to the restart onto it. */
  recorder(begins: 'new' | 'restored'): TimelineRecorder {
    const { host, project } = this.site;
    return new TimelineRecorder(host, project.store.folderOf(this.taskId), begins, { machine: 'restart' });
  }

  /** The state of its machine; null where it is gone. Takes no lock. */
  async state(): Promise<string | null> {
    const { store } = this.site.project;
    if (!(await store.exists(this.taskId))) return null;
    const envelope = await store.loadSnapshot(store.folderOf(this.taskId));
    return envelope && statePath(envelope.snapshot.value);
  }

  /** Whoever carried it out has written down that it waits, or is gone. */
  async isWrittenDown(): Promise<boolean> {
    const state = await this.state();
    if (state === null || isResting(state)) return true;
    const { host, project } = this.site;
    return !(await Lock.isHeld({ fileSystem: host.fileSystem, directory: project.store.lockFolder }));
  }

  /** Says that it is good. Does nothing where somebody has said so, or has taken it back. */
  async keep(why: string, signal: AbortSignal): Promise<void> {
    await this.whenUnlocked(signal, async (session) => {
      const found = await findTask(this.site.host, session.project, this.taskId);
      if (found.record.standing.state !== 'awaiting_confirmation') return;
      const at = new Date(this.site.host.clock.now()).toISOString();
      await this.perform(session, found, { type: 'CONFIRM', by: 'moult guard', at, why });
    });
  }

  /**
   * Takes it back through its journal, by this very code, whatever the project has become. Does nothing where it is at
   * its end already.
   *
   * @throws ROLLBACK_FAILED.
   */
  async takeBack(reason: string, signal: AbortSignal): Promise<void> {
    await this.whenUnlocked(signal, async (session) => {
      const found = await findTask(this.site.host, session.project, this.taskId);
      const { state } = found.record.standing;
      if (isFinal(state)) return;
      const { taskId } = this;
      const failure = new MoultError('NOT_CONFIRMED', { taskId, reason }).toJSON();
      const end = await this.perform(
        session,
        found,
        state === 'rollback_failed'
          ? { type: 'RETRY_ROLLBACK' }
          : { type: 'ROLL_BACK', cause: 'not_confirmed', failure },
      );
      if (end.state === 'rolled_back' || end.state === 'cancelled') return;
      throw new MoultError('ROLLBACK_FAILED', { taskId, paths: end.context.rollback?.failed ?? [] });
    });
  }

  /**
   * Tells people about the restart of it.
   *
   * @param durable settles when what is told is on disk.
   */
  async tell(milestone: Milestone, durable: Promise<unknown>): Promise<void> {
    const { host, project } = this.site;
    const found = await readFound(host, project, this.taskId);
    if (!found) return;
    const { plan, standing } = found.record;
    const notice = composeNotice(milestone, { plan, context: standing.context }, host.clock.now());
    tell(host, notice, project.config.notify.console);
    host.notices.tell(project, milestone, notice, durable);
  }

  private async perform(session: Session, { folder, record }: Found, event: Parameters<TaskStart>[0]) {
    const task = (await loadTask(this.site.host, session.project, folder, record)).holding(session.lock);
    task.start(event);
    return task.settled();
  }

  /** Another process may be at work for a moment: it is waited for. */
  private async whenUnlocked(signal: AbortSignal, work: (session: Session) => Promise<void>): Promise<void> {
    const { host, project } = this.site;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await inExistingSession(host, project.root, work);
      } catch (error) {
        if (!(error instanceof MoultError) || error.code !== 'LOCK_HELD') throw error;
        await new Promise<void>((resolve) => host.clock.schedule(retryMs, resolve));
      }
    }
  }
}

type TaskStart = Awaited<ReturnType<typeof loadTask>>['start'];
