import { createActor, waitFor, type Snapshot, type StateValue } from 'xstate';
import type { ImprovementContext, ImprovementInput } from '../../machines/improvement-types.js';
import { EffectRunner } from '../actors/effect-runner.js';
import { withImprovementActors } from '../actors/with-improvement-actors.js';
import type { ImprovementParts } from '../actors/improvement-parts.js';
import { releaseBeforeImages } from '../actors/release-before-images.js';
import { SnapshotKeeper, type ImprovementActor } from '../actors/snapshot-keeper.js';
import type { ProgressEvent } from '../actors/progress.js';
import { composeNotice } from '../notify/compose-notice.js';
import { milestonesBetween, type Standing } from '../notify/milestones-between.js';
import type { Milestone } from '../notify/notifier.js';
import type { ImprovementTrace } from '../notify/telemetry/improvement-trace.js';
import type { Plan } from '../plan/plan.js';
import type { Journal } from '../store/journal.js';
import type { Lock } from '../store/lock.js';
import type { TaskFolder } from '../store/task-folder.js';
import { Slots } from '../workspace/slots.js';
import { watchCancelRequests } from './cancel-request.js';
import { tell, type Host } from './host.js';
import type { Project } from './project.js';
import { rulesOf } from './rules-of.js';
import { isFinal, isResting, statePath } from './state-path.js';
import { TimelineRecorder } from './timeline-recorder.js';

/** How an improvement begins in this process. */
export type Beginning =
  | { kind: 'new' }
  | { kind: 'restored'; revision: number; snapshot: Snapshot<unknown>; savedAt: string }
  | { kind: 'undo'; revision: number; context: ImprovementContext };

export interface TaskSituation {
  host: Host;
  project: Project;
  /** The real path of the root of this improvement; not always that of the project that was opened. */
  root: string;
  plan: Plan;
  folder: TaskFolder;
  journal: Journal;
  /** The device of the task's folder. */
  device: number;
}

/** One improvement in this process: its machine at work, its snapshots saved, its milestones told. */
export class ImprovementTask {
  readonly actor: ImprovementActor;
  readonly plan: Plan;
  private readonly keeper: SnapshotKeeper;
  private readonly runner: EffectRunner;
  private readonly timeline: TimelineRecorder;
  private readonly trace: ImprovementTrace | null;
  private standing_: Standing | null = null;
  private lock: Lock | null = null;

  constructor(
    private readonly situation: TaskSituation,
    beginning: Beginning,
  ) {
    const { host, project, plan, folder } = situation;
    this.plan = plan;
    const revision = beginning.kind === 'new' ? 0 : beginning.revision;
    this.keeper = new SnapshotKeeper({
      save: (snapshot) => project.store.saveSnapshot(folder, snapshot),
      clock: host.clock,
      logger: host.logger,
      revision,
      fence: () => this.heldLock(),
    });
    this.timeline = new TimelineRecorder(host, folder, beginning.kind);
    this.runner = new EffectRunner(
      () => this.keeper.saved(),
      (name, work) => this.timeline.effect(name, work),
    );
    const machine = withImprovementActors(this.parts(), this.runner);
    this.actor = createActor(machine, {
      ...startOf(beginning, plan),
      inspect: host.inspect,
    });
    if (beginning.kind === 'restored') this.standing_ = toStanding(this.actor.getSnapshot());
    this.trace = project.config.notify.openTelemetry ? this.follow(beginning) : null;
    this.keeper.follow(this.actor);
    this.timeline.follow(this.actor);
    this.actor.subscribe({ next: (snapshot) => this.announce(toStanding(snapshot)), error: () => undefined });
  }

  get standing(): Standing {
    return this.standing_ ?? toStanding(this.actor.getSnapshot());
  }

  /** The number of its newest snapshot; a higher one on disk was written by another process. */
  get revision(): number {
    return this.keeper.revision;
  }

  get journal(): Journal {
    return this.situation.journal;
  }

  get folder(): TaskFolder {
    return this.situation.folder;
  }

  /** Each operation works under the lock that it took. */
  holding(lock: Lock): this {
    this.lock = lock;
    return this;
  }

  /** Starts it; with `first`, that event is taken before any effect that was in flight is run again. */
  start(first?: Parameters<ImprovementActor['send']>[0]): void {
    this.runner.hold();
    this.actor.start();
    if (first) this.actor.send(first);
    this.runner.release();
  }

  /**
   * Resolves when it has ended or waits for somebody, with its snapshot on disk. That the snapshot of an end could not
   * be saved is only reported: recovery comes to the same end by the journal.
   *
   * @throws LOCK_LOST where another process has taken over.
   */
  async settled(): Promise<Standing> {
    const snapshot = await this.atRest();
    const standing = toStanding(snapshot);
    const saved = await this.keeper.saved().then(
      () => true,
      (error: unknown) => {
        if (standing.state.startsWith('planning')) throw error;
        return false;
      },
    );
    if (saved && isFinal(standing.state)) await this.tidyUp();
    await this.timeline.idle();
    return standing;
  }

  /** Meanwhile another process may ask for a cancel. */
  private async atRest(): Promise<ReturnType<ImprovementActor['getSnapshot']>> {
    const { host, folder } = this.situation;
    const unwatch = watchCancelRequests(host, folder, () => this.actor.send({ type: 'CANCEL' }));
    try {
      const isAtRest = ({ value }: { value: StateValue }) => isResting(statePath(value));
      const rest = waitFor(this.actor, isAtRest, { timeout: Infinity });
      const snapshot = await Promise.race([rest, this.runner.superseded]);
      await this.runner.idle();
      return snapshot;
    } catch (error) {
      this.actor.stop();
      throw error;
    } finally {
      unwatch();
    }
  }

  /**
   * Lets go of what an ended improvement no longer needs. It came to its end whether or not that works; what is left is
   * cleared away by the next one that has the lock.
   */
  async tidyUp(): Promise<void> {
    try {
      await this.letGo();
    } catch (error) {
      const { host, folder } = this.situation;
      host.logger.warn(`[moult] ${folder.taskId} could not be tidied up: ${(error as Error).message}`);
    }
  }

  private async letGo(): Promise<void> {
    const { host, project, folder } = this.situation;
    const { state, context } = this.standing;
    const displaced = context.rollback?.displaced.map(({ savedAt }) => savedAt) ?? [];
    if (state !== 'completed') await releaseBeforeImages(host.fileSystem, folder, displaced);
    // The old files stay, for a rollback later; what was built of them is built anew then.
    else await host.fileSystem.rm(folder.artifactsFolder, { recursive: true, force: true });
    await project.store.markEnded(folder.taskId);
  }

  private announce(to: Standing): void {
    const from = this.standing_;
    this.standing_ = to;
    if (from?.state !== to.state) {
      this.trace?.entered(to);
      this.situation.host.progress({ type: 'state', taskId: this.plan.taskId, state: to.state });
    }
    for (const milestone of milestonesBetween(from, to)) this.tell(milestone, to.context);
  }

  private tell(
    milestone: Milestone,
    context: ImprovementContext,
    check?: ImprovementContext['checks'][number],
  ): void {
    const { host, project } = this.situation;
    const notice = composeNotice(milestone, { plan: this.plan, context, check }, host.clock.now());
    this.timeline.notice(notice);
    tell(host, notice, project.config.notify.console);
    const key = check ? `${milestone}:${check.name}` : milestone;
    host.notices.tell(project, key, notice, this.keeper.saved());
  }

  private follow(beginning: Beginning): ImprovementTrace {
    const { host, plan, folder } = this.situation;
    const since = beginning.kind === 'restored' ? Date.parse(beginning.savedAt) : 0;
    const found = beginning.kind === 'restored' ? { state: this.standing.state, since } : null;
    return host.tracing.follow({ plan, file: folder.trace, isResting }, found);
  }

  private progress(event: ProgressEvent): void {
    this.situation.host.progress(event);
    this.timeline.progress(event);
    if (event.type === 'check-started') this.trace?.checkStarted(event.name);
    if (event.type === 'check-finished') this.trace?.checkFinished(event.result);
    if (event.type === 'check-finished') this.tell('check_finished', this.standing.context, event.result);
  }

  private parts(): ImprovementParts {
    const { host, project, root, plan, folder, journal, device } = this.situation;
    const { fileSystem, clock, logger, masker, spawn, restart, editor } = host;
    return {
      ...{ fileSystem, clock, logger, masker, spawn, restart, editor: editor ?? null },
      ...{ root, plan, folder, journal },
      slots: new Slots(folder.path, folder.taskId, device),
      repository: project.repository,
      checkpoints: project.store.checkpoints,
      lock: () => this.heldLock(),
      rules: () => rulesOf(host, project, root),
      progress: (event) => this.progress(event),
    };
  }

  private heldLock(): Lock {
    if (!this.lock) throw new Error('An improvement went on without the lock');
    return this.lock;
  }
}

function startOf(beginning: Beginning, plan: Plan) {
  const input: ImprovementInput = {
    taskId: plan.taskId,
    planDigest: plan.digest,
    approvalRequired: plan.approvalRequired,
    needsRestart: plan.needsRestart,
    confirmationRequired: plan.confirmationRequired,
  };
  if (beginning.kind === 'undo') return { input: { ...input, undo: { context: beginning.context } } };
  return beginning.kind === 'restored' ? { input, snapshot: beginning.snapshot } : { input };
}

function toStanding({ value, context }: ReturnType<ImprovementActor['getSnapshot']>): Standing {
  return { state: statePath(value), context };
}
