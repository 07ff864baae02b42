import { createRequestStateCodec } from '@modelcontextprotocol/server';
import { randomBytes } from 'node:crypto';
import type { ProgressEvent } from '../actors/progress.js';
import { MoultError } from '../errors/moult-error.js';
import type { ImprovementRequest, ImprovementSummary } from '../improvement.js';
import type { ImprovementDetails } from '../service/describe-task.js';
import { toHost, type Host } from '../service/host.js';
import { requireProject } from '../service/require-project.js';
import type { ServiceOptions } from '../service/service-options.js';
import { isFinal, isResting, statusOf } from '../service/state-path.js';
import { SelfImprovementService } from '../self-improvement-service.js';
import { Executions } from './executions.js';
import { isSamePlan } from './is-same-plan.js';
import { refuseUnplannable } from './refuse-unplannable.js';
import { Watch, type WatchOptions } from './watch.js';

/** What a form told the person about, so that the answer can be about nothing else. */
export interface AskedAbout {
  taskId: string;
  digest: string;
}

/** An improvement, and whether the call that asked for it had been answered before. */
export interface Attended {
  details: ImprovementDetails;
  repeated: boolean;
}

const busyMs = 5_000;
const retryMs = 100;
const formSeconds = 3_600;

/**
 * The improvements of one project, for any number of MCP connections: what is under way does not end with the request or
 * the connection that asked for it. One for each project and process.
 */
export class SelfImprove {
  /** The engine itself, for a host that uses it in the same program. */
  readonly service: SelfImprovementService;
  readonly host: Host;
  /** Seals what a form is about on its way through the client. */
  readonly forms = createRequestStateCodec<AskedAbout>({ key: randomBytes(32), ttlSeconds: formSeconds });
  /** Takes what a person said in a form. The one above takes no approval: a model speaks through it. */
  private readonly person: SelfImprovementService;
  private readonly executions: Executions;
  private readonly watch = new Watch((taskId) => this.service.describeImprovement(taskId));
  private turn: Promise<unknown> = Promise.resolve();

  /**
   * @param root Default: the current directory.
   * @param options Those of the service. The origin of its plans is always `mcp`: one of high risk waits for a person
   * unless the configuration says otherwise.
   */
  constructor(
    readonly root: string = '.',
    options: ServiceOptions = {},
  ) {
    const onProgress = (event: ProgressEvent) => {
      this.executions.hear(event);
      options.onProgress?.(event);
    };
    const ownOptions = { ...options, origin: 'mcp' as const, onProgress };
    this.host = toHost(ownOptions);
    this.service = new SelfImprovementService(root, ownOptions);
    this.person = new SelfImprovementService(root, { ...options, origin: 'library' });
    this.executions = new Executions(this.service, this.host.logger);
  }

  /** Makes a plan; the same request again answers the plan that waits already. */
  plan(request: ImprovementRequest): Promise<Attended> {
    return this.inTurn(async () => {
      const project = await refuseUnplannable(this.root, this.host.config, request);
      try {
        const taskId = await this.unlessBusy(() => this.service.planImprovement(request));
        return { details: await this.find(taskId), repeated: false };
      } catch (error) {
        if (!isCode(error, 'TASK_ACTIVE')) throw error;
        const details = await this.find((error.details as { taskId: string }).taskId);
        if (await isSamePlan(this.host, project, request, details.plan, details.state))
          return { details, repeated: true };
        throw error;
      }
    });
  }

  /**
   * Begins to carry out a plan, and resolves as soon as it is under way. One that is under way already, or at its end, is
   * answered as it is.
   */
  execute(taskId?: string): Promise<Attended> {
    return this.inTurn(async () => {
      const before = await this.find(taskId);
      const { state, interrupted } = before;
      const isWaiting = state === 'planning.ready' || state === 'planning.awaiting_approval';
      if (!isWaiting && !interrupted) return { details: before, repeated: true };
      await this.unlessBusy(() => this.executions.begin(before.taskId));
      return { details: await this.find(before.taskId), repeated: false };
    });
  }

  /** Drops a plan, or stops an improvement and takes it back. Null where none is under way. */
  async cancel(taskId?: string): Promise<Attended | null> {
    const before = taskId === undefined ? await this.active() : await this.find(taskId);
    if (before === null) return null;
    if (before.state === 'cancelled') return { details: before, repeated: true };
    await this.service.cancelImprovement(before.taskId);
    return { details: await this.find(before.taskId), repeated: false };
  }

  /** Takes back a completed improvement. */
  rollback(taskId: string): Promise<Attended> {
    return this.inTurn(async () => {
      const before = await this.find(taskId);
      if (before.state === 'rolled_back') return { details: before, repeated: true };
      await this.unlessBusy(() => this.service.rollbackImprovement(taskId));
      return { details: await this.find(taskId), repeated: false };
    });
  }

  /** Says that the restarted version works. @throws PERSON_REQUIRED where a person's word was needed for the plan. */
  confirm(by: string, taskId?: string): Promise<Attended> {
    return this.inTurn(async () => {
      const before = await this.find(taskId);
      if (before.state === 'completed') return { details: before, repeated: true };
      if (before.plan.approvalRequired)
        throw new MoultError('PERSON_REQUIRED', { taskId: before.taskId, action: 'confirm' });
      await this.unlessBusy(() => this.service.confirmImprovement(before.taskId, { by }));
      return { details: await this.find(before.taskId), repeated: false };
    });
  }

  /** Everything about one improvement; with `waitMs`, once it has ended or the time is over. */
  async status(taskId: string | undefined, options: WatchOptions): Promise<ImprovementDetails> {
    const details = await this.watch.untilDecided(await this.find(taskId), options);
    // Its machine has ended; let go of the lock as well, so that the next call does not find it held.
    if (isResting(details.state)) await this.executions.ended(details.taskId);
    return details;
  }

  async find(taskId?: string): Promise<ImprovementDetails> {
    await requireProject(this.root, this.host.config);
    return this.service.describeImprovement(taskId);
  }

  async history(): Promise<ImprovementSummary[]> {
    await requireProject(this.root, this.host.config);
    return this.service.listImprovements();
  }

  /** What is being done right now in this process, in words. */
  activityOf(taskId: string): string | undefined {
    return this.executions.activityOf(taskId);
  }

  /** A person's word, given in a form. */
  async decide(
    { taskId, digest }: AskedAbout,
    { yes, by, why }: { yes: boolean; by: string; why?: string },
  ): Promise<void> {
    const decision = { by, ...(why === undefined ? {} : { why }) };
    await this.inTurn(() =>
      this.unlessBusy(() =>
        yes
          ? this.person.approveImprovement(taskId, { ...decision, planDigest: digest })
          : this.person.rejectImprovement(taskId, decision),
      ),
    );
  }

  /** Finishes or takes back what a process left that is gone. Another process that is at work sees to it itself. */
  async recover(): Promise<void> {
    try {
      await this.inTurn(() => this.service.recover());
    } catch (error) {
      if (isCode(error, 'LOCK_HELD')) return;
      this.host.logger.warn(`[moult] recovery at the start failed: ${String(error)}`);
    }
  }

  /** Resolves when nothing is under way in this process any more. */
  async idle(): Promise<void> {
    await this.turn;
    await this.executions.idle();
  }

  /** Stops what is under way in this process and takes it back. */
  async stop(): Promise<void> {
    for (const taskId of this.executions.ids()) {
      await this.service.cancelImprovement(taskId).catch((error: unknown) => {
        if (!isCode(error, 'CANCEL_TOO_LATE')) this.host.logger.error(`[moult] ${String(error)}`);
      });
    }
    await this.idle();
  }

  /** One change of the project after the other: whoever comes second hears of the first. */
  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /**
   * A lock that is held for a moment is waited for; one that is held by an improvement under way is told as that.
   *
   * @throws TASK_ACTIVE, LOCK_HELD.
   */
  private async unlessBusy<Result>(work: () => Promise<Result>): Promise<Result> {
    const patience = this.host.clock.now() + busyMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isCode(error, 'LOCK_HELD')) throw error;
        const active = await this.active();
        if (active && !isResting(active.state))
          throw new MoultError(
            'TASK_ACTIVE',
            { taskId: active.taskId, status: statusOf(active.state) },
            { cause: error },
          );
        if (this.host.clock.now() > patience) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  private async active(): Promise<ImprovementDetails | null> {
    const newest = (await this.history()).filter(({ state }) => !isFinal(state)).at(-1);
    return newest ? this.find(newest.taskId) : null;
  }
}

function isCode(error: unknown, code: MoultError['code']): error is MoultError {
  return error instanceof MoultError && error.code === code;
}
