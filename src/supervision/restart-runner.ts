import { createActor, fromPromise, type Actor, type Snapshot } from 'xstate';
import { restartMachine } from '../../machines/restart-machine.js';
import type { RestartContext, RestartEvent, RestartInput } from '../../machines/restart-types.js';
import { EffectRunner } from '../actors/effect-runner.js';
import { SnapshotKeeper } from '../actors/snapshot-keeper.js';
import { withSystemErrors } from '../errors/with-system-errors.js';
import type { Boot, RestartRecord } from '../restart/restart-schemas.js';
import { statePath } from '../service/state-path.js';
import type { TimelineRecorder } from '../service/timeline-recorder.js';
import type { Fence } from '../store/fence.js';
import { ChangeOnProbation } from './change-on-probation.js';
import type { ProgramControl } from './program-control.js';
import { RestartEffects } from './restart-effects.js';
import type { RestartSite } from './restart-site.js';

/** How a restart begins in this process. */
export type RestartBeginning = { input: RestartInput } | { record: RestartRecord };

interface Situation {
  site: RestartSite;
  lock: Fence;
  control: ProgramControl;
  startedBy: Boot['by'];
  /** Which supervisor starts it, where that is known. Default null. */
  supervisor?: Boot['supervisor'];
}

const pollMs = 200;

/** One restart in this process: its machine at work, its snapshots on disk before what they stand for. */
export class RestartRunner {
  private readonly actor: Actor<typeof restartMachine>;
  private readonly keeper: SnapshotKeeper;
  private readonly effects: EffectRunner;
  private readonly change: ChangeOnProbation | null;
  /** For people who look at the improvement; null for a restart without one. */
  private readonly timeline: TimelineRecorder | null;
  private readonly restartId: string;
  private known: string | null = null;
  private told: string | null = null;
  /** The newest milestone on its way to people: a guard that ends must not forget it. */
  private telling: Promise<void> = Promise.resolve();
  private isLeft = false;
  private onLeave: () => void = () => undefined;
  private stopPolling: () => void = () => undefined;

  constructor(
    private readonly situation: Situation,
    beginning: RestartBeginning,
  ) {
    const { site, lock } = situation;
    const { host, store } = site;
    const context = 'input' in beginning ? beginning.input : beginning.record.snapshot.context;
    this.restartId = context.restartId;
    this.change = context.taskId === null ? null : new ChangeOnProbation(site, context.taskId);
    this.keeper = new SnapshotKeeper({
      save: (snapshot) => store.saveRecord({ restartId: this.restartId, ...snapshot } as RestartRecord),
      clock: host.clock,
      logger: host.logger,
      revision: 'record' in beginning ? beginning.record.revision : 0,
      fence: () => lock,
    });
    this.timeline = this.change?.recorder('record' in beginning ? 'restored' : 'new') ?? null;
    this.effects = new EffectRunner(
      () => this.keeper.saved(),
      (name, work) => this.timeline?.effect(name, work),
    );
    this.actor = createActor(this.withActors(), {
      ...('input' in beginning
        ? { input: beginning.input }
        : // What is restored does not look at the input.
          { input: {} as RestartInput, snapshot: beginning.record.snapshot as unknown as Snapshot<unknown> }),
    });
    this.keeper.follow(this.actor);
    this.timeline?.follow(this.actor);
    this.actor.subscribe({ next: () => this.announce(), error: () => undefined });
  }

  get context(): RestartContext {
    return this.actor.getSnapshot().context;
  }

  get state(): string {
    return statePath(this.actor.getSnapshot().value);
  }

  get isOver(): boolean {
    return this.isLeft || this.actor.getSnapshot().status !== 'active';
  }

  /** It came to its end, and was not only left to the next process. */
  get hasEnded(): boolean {
    return this.actor.getSnapshot().status === 'done';
  }

  /** Starts it; with `first`, that event is taken before any effect that was in flight is run again. */
  async start(first?: RestartEvent): Promise<void> {
    this.effects.hold();
    this.actor.start();
    if (first) this.send(first);
    // What people did to the improvement meanwhile comes before anything is started.
    await this.look();
    this.effects.release();
    this.poll();
  }

  send(event: RestartEvent): void {
    if (!this.isOver) this.actor.send(event);
  }

  /** Resolves when what it came to so far is on disk. @throws STATE_NOT_SAVED. */
  async isOnDisk(): Promise<void> {
    await this.keeper.saved();
  }

  /** Resolves when it is over, or in a state that is waited for, with that on disk. */
  async reached(isThere: (state: string) => boolean = () => false): Promise<string> {
    await new Promise<void>((resolve) => {
      // One that is at its end already calls back while it is being subscribed to.
      let subscription: { unsubscribe: () => void } | null = null;
      const look = () => {
        if (!this.isOver && !isThere(this.state)) return;
        subscription?.unsubscribe();
        resolve();
      };
      this.onLeave = look;
      subscription = this.actor.subscribe({ next: look, complete: look });
      look();
    });
    await this.keeper.saved();
    await this.timeline?.idle();
    await this.telling;
    return this.state;
  }

  /** Leaves it as it is on disk, for the next process. */
  async leave(): Promise<void> {
    this.isLeft = true;
    this.stopPolling();
    this.actor.stop();
    await this.effects.idle();
    await this.keeper.saved();
    await this.timeline?.idle();
    await this.telling;
    this.onLeave();
  }

  private withActors(): typeof restartMachine {
    const { site, control, startedBy, supervisor = null } = this.situation;
    const effects = new RestartEffects({
      ...{ site, control, startedBy, supervisor },
      change: this.change,
      context: () => this.context,
    });
    const actor = <Input, Output>(
      name: string,
      effect: (input: Input, signal: AbortSignal) => Promise<Output>,
      options?: { evenUnsaved: boolean },
    ) =>
      fromPromise<Output, Input>(({ input, signal }) =>
        this.effects.run(name, (abort) => withSystemErrors(() => effect(input, abort)), signal, options),
      );
    return restartMachine.provide({
      actors: {
        waitUntilDue: actor('waitUntilDue', effects.waitUntilDue.bind(effects)),
        drainProgram: actor('drainProgram', effects.drainProgram.bind(effects)),
        stopProgram: actor('stopProgram', effects.stopProgram.bind(effects), { evenUnsaved: true }),
        startProgram: actor('startProgram', effects.startProgram.bind(effects)),
        watchHealth: actor('watchHealth', effects.watchHealth.bind(effects)),
        awaitPerson: actor('awaitPerson', effects.awaitPerson.bind(effects)),
        keepChange: actor('keepChange', effects.keepChange.bind(effects)),
        // A full disk must not keep the old version from coming back.
        takeBackChange: actor('takeBackChange', effects.takeBackChange.bind(effects), { evenUnsaved: true }),
        enterSafeMode: actor('enterSafeMode', effects.enterSafeMode.bind(effects), { evenUnsaved: true }),
      },
    });
  }

  private announce(): void {
    const { state } = this;
    if (state === this.told) return;
    this.told = state;
    const { logger } = this.situation.site.host;
    const last = this.context.failedStarts.at(-1);
    const isFailure = last && ['stopping', 'reverting.stopping', 'giving_up'].includes(state);
    logger.info(`[moult] ${this.restartId}: ${state}${isFailure ? ` (${last.message})` : ''}`);
    const milestone = { draining: 'restarting', reverted: 'reverted', safe_mode: 'safe_mode' } as const;
    if (!(state in milestone) || !this.change) return;
    this.telling = this.change
      .tell(milestone[state as keyof typeof milestone], this.keeper.saved())
      .catch((error: Error) => logger.warn(`[moult] nobody could be told: ${error.message}`));
  }

  /** People confirm, take back and cancel in other processes: what they did is on disk. */
  private poll(): void {
    const { clock, logger } = this.situation.site.host;
    const next = () => {
      if (this.isOver) return;
      this.stopPolling = clock.schedule(pollMs, () => void this.look().catch(report).finally(next));
    };
    const report = (error: Error) => logger.warn(`[moult] ${error.message}`);
    next();
  }

  private async look(): Promise<void> {
    const { store } = this.situation.site;
    if (this.state === 'scheduled' && (await store.takeCancelRequest())) this.send({ type: 'CANCEL' });
    const state = (await this.change?.state()) ?? null;
    if (state === this.known) return;
    this.known = state;
    if (state === 'completed') this.send({ type: 'CONFIRMED' });
    if (state === 'rolled_back' || state === 'cancelled') this.send({ type: 'TAKEN_BACK' });
  }
}
