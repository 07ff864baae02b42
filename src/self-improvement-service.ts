import type { ImprovementEvent } from '../machines/improvement-types.js';
import type { ImprovementActor } from './actors/snapshot-keeper.js';
import { MoultError } from './errors/moult-error.js';
import type {
  ImprovementRequest,
  ImprovementResult,
  ImprovementSummary,
  SelfImprovementState,
} from './improvement.js';
import type { Standing } from './notify/milestones-between.js';
import type { NoticeTest } from './notify/send-test-notices.js';
import type { Plan } from './plan/plan.js';
import { SafeRestartService } from './safe-restart-service.js';
import { parseRequest } from './plan/parse-request.js';
import { beginRollback } from './service/begin-rollback.js';
import { cancelTask, refuseOtherEnd } from './service/cancel-task.js';
import { collectGarbage } from './service/collect-garbage.js';
import { describeImprovement } from './service/describe-improvement.js';
import { selfImprovementState, summarise, type ImprovementDetails } from './service/describe-task.js';
import { signed, type Decision } from './service/decision.js';
import { flushNotices, testNotices } from './service/notices.js';
import { findTask, findTaskIn, listTasks, newestTask, type Found } from './service/find-task.js';
import { toHost, type Host } from './service/host.js';
import { improvementResult } from './service/improvement-result.js';
import type { ImprovementTask } from './service/improvement-task.js';
import { loadTask } from './service/load-task.js';
import { planTask } from './service/plan-task.js';
import { openProject, type Project } from './service/project.js';
import { viewOfProject, type ProjectView } from './service/project-view.js';
import type { Recovered } from './service/recover-tasks.js';
import type { Garbage } from './service/remove-old-tasks.js';
import { refuseUnfitPlan } from './service/refusals.js';
import { revived } from './service/revived.js';
import type { ServiceOptions } from './service/service-options.js';
import { inExistingSession, inSession, type Session } from './service/session.js';

/**
 * Changes a project's own source code safely: plan, back up, checkpoint, apply, validate; then the change stays, or every
 * byte goes back.
 *
 * Each method works under the project's lock and first recovers what a process left that is gone. Expected ends are
 * results; misuse and a broken environment throw a `MoultError` with a `code` and a `remedy`.
 */
export class SelfImprovementService {
  private readonly host: Host;
  /** The newest improvement this service worked on. */
  private task: ImprovementTask | null = null;
  private execution: Promise<Standing> | null = null;

  /** @param projectRoot Default: the current directory. */
  constructor(
    private readonly projectRoot: string = '.',
    options: ServiceOptions = {},
  ) {
    const restart = options.restart ?? new SafeRestartService(projectRoot, options);
    this.host = toHost({ ...options, restart });
  }

  /** The XState actor of the newest improvement, to subscribe to; null before the first. */
  get actor(): ImprovementActor | null {
    return this.task?.actor ?? null;
  }

  /**
   * Decides and saves everything about an improvement: paths, before-images, contents, risk, checks. No file of the
   * project is touched.
   *
   * @returns the id, `si-<digits>`.
   * @throws REQUEST_INVALID, a PATH_ or FILE_ code, EDIT_NOT_UNIQUE, PATCH_REJECTED, NOT_TEXT, NOTHING_TO_DO for the
   * request; TASK_ACTIVE, LOCK_HELD, ROLLBACK_FAILED while another improvement is in the way; PLAN_STALE where a file
   * changes while it is being planned.
   */
  async planImprovement(request: ImprovementRequest): Promise<string> {
    const valid = parseRequest(request);
    this.task = await planTask(this.host, await this.open(), valid);
    const { state, context } = this.task.standing;
    if (state === 'cancelled' && context.failure) throw revived(context.failure);
    return this.task.plan.taskId;
  }

  /**
   * Carries out a plan: back up, checkpoint, apply, validate; then it is completed, or taken back.
   *
   * @param taskId Default: the newest improvement of this project.
   * @throws NO_TASK, TASK_UNKNOWN, TASK_FINISHED, TASK_WRONG_STATE, APPROVAL_REQUIRED, PLAN_STALE, NO_CHECKS, NOTHING_TO_DO,
   * EDITOR_MISSING: nothing was touched. LOCK_HELD while another process is at work. STATE_LOST where the state directory was
   * removed meanwhile, so that nothing can be taken back.
   */
  async executeImprovement(taskId?: string): Promise<ImprovementResult> {
    return this.inSession(async (session) => {
      const found = await findTask(this.host, session.project, taskId);
      refuseUnfitPlan(found.record.plan, found.record.standing, this.host.editor);
      await this.host.fileSystem.rm(found.folder.cancelRequest, { force: true });
      const task = await this.atWork(session, found);
      const standing = await this.execute(task);
      const { failure, rollbackFailure } = standing.context;
      if (failure?.code === 'PLAN_STALE') throw revived(failure);
      if (rollbackFailure?.code === 'STATE_LOST') throw revived(rollbackFailure);
      return improvementResult(task.plan, standing);
    });
  }

  /** The newest improvement this service knows of, as the seed shows it; null before the first and after a cancel. */
  getState(): SelfImprovementState | null {
    if (!this.task || this.task.standing.state === 'cancelled') return null;
    return selfImprovementState(this.task.plan, this.task.standing, this.task.folder);
  }

  /**
   * Drops a plan; stops an improvement under way, here or in another process, and takes it back before this resolves.
   * Without an improvement under way it only forgets what `getState()` shows.
   *
   * @throws CANCEL_TOO_LATE where the change was already being kept; ROLLBACK_FAILED.
   */
  async cancelImprovement(taskId?: string): Promise<void> {
    const task = this.task;
    if (this.execution && task && (taskId ?? task.plan.taskId) === task.plan.taskId) {
      task.actor.send({ type: 'CANCEL' });
      // What went wrong beside the cancel is told to who started the execution.
      await this.execution.catch(() => undefined);
      refuseOtherEnd(task.plan.taskId, task.standing);
    } else {
      await cancelTask(this.host, await this.open(), taskId);
    }
    this.task = null;
  }

  /**
   * A person's yes to a plan that waits for one.
   *
   * @param decision `planDigest`: the digest that was looked at. Default: the one on disk.
   * @throws TASK_WRONG_STATE where it does not wait for approval, APPROVAL_VOID for another digest, APPROVAL_FORBIDDEN
   * for a service whose `origin` is `mcp`: who plans there cannot say yes there.
   */
  async approveImprovement(taskId: string, decision: Decision & { planDigest?: string }): Promise<void> {
    const { origin } = this.host;
    if (origin === 'mcp') throw new MoultError('APPROVAL_FORBIDDEN', { taskId, origin });
    await this.decide(taskId, 'planning.awaiting_approval', 'approved', ({ digest }) => {
      const { planDigest = digest } = decision;
      if (planDigest !== digest) throw new MoultError('APPROVAL_VOID', { taskId });
      return { type: 'APPROVE', planDigest, ...signed(decision, this.host.clock) };
    });
  }

  /** A person's no to a plan that waits for approval. */
  async rejectImprovement(taskId: string, decision: Decision): Promise<void> {
    const event = () => ({ type: 'REJECT', ...signed(decision, this.host.clock) }) as const;
    await this.decide(taskId, 'planning.awaiting_approval', 'rejected', event);
  }

  /** Says that the restarted version is good. From then on it is completed. */
  confirmImprovement(taskId: string | undefined, decision: Decision): Promise<ImprovementResult> {
    const event = () => ({ type: 'CONFIRM', ...signed(decision, this.host.clock) }) as const;
    return this.decide(taskId, 'awaiting_confirmation', 'confirmed', event);
  }

  /**
   * Takes back an improvement that is completed or waits for confirmation, or tries a failed rollback again.
   *
   * @param options `force`: moves aside what somebody made of the files since, instead of refusing. Default false.
   * @throws ROLLBACK_CONFLICT, NOTHING_TO_ROLL_BACK, TASK_ACTIVE.
   */
  async rollbackImprovement(
    taskId: string,
    { force = false }: { force?: boolean } = {},
  ): Promise<ImprovementResult> {
    return this.inSession(async (session) => {
      this.task = await beginRollback(session, await findTask(this.host, session.project, taskId), force);
      return improvementResult(this.task.plan, await this.task.settled());
    });
  }

  /**
   * Finishes or takes back what a process left that is gone, and tries again a rollback that failed. To be called when
   * the program starts; every other method does the first part as well.
   *
   * @param options `takeOverLock`: also from a process of another machine or container, of which only a person can know
   * that it is gone. Default false.
   */
  async recover({ takeOverLock = false }: { takeOverLock?: boolean } = {}): Promise<Recovered[]> {
    const project = await this.open();
    if ((await project.store.ids()).length === 0) return [];
    const options = { host: this.host, project, takeOverForeign: takeOverLock, retryFailed: true };
    return inSession(options, async ({ recovered }) => {
      const newest = await newestTask(this.host, project);
      if (newest) this.task = await loadTask(this.host, project, newest.folder, newest.record);
      return recovered;
    });
  }

  /** All improvements of this project root, oldest first; one that is damaged is left out, and named in a warning. */
  async listImprovements(): Promise<ImprovementSummary[]> {
    const found = await listTasks(this.host, await this.open());
    return found.map(({ record }) => summarise(record));
  }

  /**
   * Everything about one improvement.
   *
   * @param taskId Default: the newest.
   * @throws NO_TASK, TASK_UNKNOWN.
   */
  async describeImprovement(taskId?: string): Promise<ImprovementDetails> {
    return describeImprovement(this.host, await this.open(), taskId);
  }

  /**
   * Removes old improvements as the configuration's `retention` says; they cannot be rolled back any more. One that is not
   * at its end is never removed. What each end of an improvement does by itself, but thoroughly.
   *
   * @param options `dryRun`: only says what would be removed. Default false.
   */
  async collectGarbage({ dryRun = false }: { dryRun?: boolean } = {}): Promise<Garbage> {
    return collectGarbage(this.host, await this.open(), dryRun);
  }

  /**
   * Waits until the notices that the configuration asks for are delivered, or cannot be for now. To be called before the
   * process ends; what is left is on disk, and the next one goes on with it.
   *
   * @param timeoutMs Default 3,000.
   */
  async flushNotices(timeoutMs = 3_000): Promise<void> {
    await flushNotices(this.host, timeoutMs);
  }

  /**
   * Sends a test notice to everybody whom the configuration names, and says what became of each.
   *
   * @throws NOTICES_OFF
   */
  async testNotices(): Promise<NoticeTest[]> {
    return testNotices(this.host, await this.open());
  }

  /** Where the improvements of this project lie, for those who look on, as `moult/inspector` does. Nothing is created. */
  async view(): Promise<ProjectView> {
    return viewOfProject(this.host, await this.open());
  }

  private open(): Promise<Project> {
    return openProject(this.host.fileSystem, this.projectRoot, this.host.config);
  }

  private inSession<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return inExistingSession(this.host, this.projectRoot, work);
  }

  /** Hands a person's word to the improvement that waits for it. */
  private decide(
    taskId: string | undefined,
    state: string,
    action: string,
    toEvent: (plan: Plan) => ImprovementEvent,
  ): Promise<ImprovementResult> {
    return this.inSession(async (session) => {
      const found = await findTaskIn(this.host, session.project, taskId, state, action);
      const event = toEvent(found.record.plan);
      const task = await this.atWork(session, found);
      task.actor.send(event);
      return improvementResult(task.plan, await task.settled());
    });
  }

  /** The improvement in this process: the actor people may have subscribed to, unless another process went on since. */
  private async atWork({ project, lock }: Session, { folder, record }: Found): Promise<ImprovementTask> {
    const known =
      this.task?.plan.taskId === record.plan.taskId && this.task.revision === record.revision
        ? this.task
        : null;
    const task = known ?? (await loadTask(this.host, project, folder, record));
    this.task = task.holding(lock);
    if (task.actor.getSnapshot().status === 'active') task.start();
    return task;
  }

  private async execute(task: ImprovementTask): Promise<Standing> {
    task.actor.send({ type: 'EXECUTE' });
    this.execution = task.settled();
    try {
      return await this.execution;
    } catch (error) {
      // What becomes of it is for another process to say.
      if (error instanceof MoultError && error.code === 'LOCK_LOST') this.task = null;
      throw error;
    } finally {
      this.execution = null;
    }
  }
}
