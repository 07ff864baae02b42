import type {
  RestartContext,
  RestartEffectInput,
  StartInput,
  StopInput,
  WaitInput,
} from '../../machines/restart-types.js';
import type { Boot } from '../restart/restart-schemas.js';
import type { ChangeOnProbation } from './change-on-probation.js';
import type { ProgramControl } from './program-control.js';
import type { RestartSite } from './restart-site.js';
import { safeModeText } from './safe-mode-text.js';
import { whyGivenUp } from './why-given-up.js';

const pollMs = 200;
/** A version that failed is not waited for as long as one that answers people. */
const failedStopMs = 1_000;

interface Surroundings {
  site: RestartSite;
  control: ProgramControl;
  change: ChangeOnProbation | null;
  /** Who starts the program: for whom the note about the next start is. */
  startedBy: Boot['by'];
  /** Who starts it outside, where that is known; it decides who restarts the program the next time. */
  supervisor: Boot['supervisor'];
  context: () => RestartContext;
}

/** What the actors of the restart machine do. */
export class RestartEffects {
  constructor(private readonly around: Surroundings) {}

  async waitUntilDue({ until }: WaitInput, signal: AbortSignal): Promise<void> {
    const { change } = this.around;
    await this.pause(until, signal);
    while (change && !(await change.isWrittenDown())) await this.pause(this.now() + pollMs, signal);
  }

  async drainProgram(): Promise<void> {
    const { control, context } = this.around;
    await control.drain(context().settings);
  }

  async stopProgram({ hasFailed }: StopInput): Promise<void> {
    const { control, context } = this.around;
    const { stopMs } = context().settings;
    await control.stop(hasFailed ? Math.min(stopMs, failedStopMs) : stopMs);
  }

  async startProgram({ version, attempt }: StartInput, signal: AbortSignal): Promise<void> {
    const { site, control, startedBy, supervisor, context } = this.around;
    const { restartId, taskId, reason, settings } = context();
    const boot: Boot = {
      kind: version === 'new' ? 'restart' : 'fallback',
      ...{ restartId, taskId, reason, attempt },
      why: version === 'new' ? null : whyGivenUp(context()),
      at: new Date(this.now()).toISOString(),
      by: startedBy,
      supervisor,
      isClaimed: false,
    };
    await site.store.writeBoot(boot);
    await control.start(boot, settings, signal);
  }

  async watchHealth(_: RestartEffectInput, signal: AbortSignal): Promise<number> {
    const { control, context } = this.around;
    await control.watch(context().settings, signal);
    return this.now();
  }

  /** The word comes as an event; this only waits for the time to be over. */
  async awaitPerson({ until }: WaitInput, signal: AbortSignal): Promise<void> {
    await this.pause(until, signal);
  }

  async keepChange(_: RestartEffectInput, signal: AbortSignal): Promise<void> {
    const { change, context } = this.around;
    const { isKept, settings, attempts } = context();
    if (isKept) return;
    const why = `it stayed well for ${settings.confirmAfterMs / 1000} s after start ${attempts}`;
    await change?.keep(why, signal);
  }

  async takeBackChange(_: RestartEffectInput, signal: AbortSignal): Promise<void> {
    const { change, context } = this.around;
    await change?.takeBack(whyGivenUp(context()), signal);
  }

  async enterSafeMode(): Promise<void> {
    const { site, control, context } = this.around;
    const { logger } = site.host;
    await control.stop(failedStopMs).catch((error: Error) => logger.error(`[moult] ${error.message}`));
    const text = safeModeText(context(), site.store.folder);
    logger.error(text);
    await site.store.writeSafeMode(text);
  }

  private now(): number {
    return this.around.site.host.clock.now();
  }

  /** Timers count no further than 24 days. */
  private async pause(until: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.around.site.host;
    for (let rest = until - clock.now(); rest > 0; rest = until - clock.now()) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const end = () => {
          unschedule();
          signal.removeEventListener('abort', end);
          resolve();
        };
        const unschedule = clock.schedule(Math.min(rest, 2 ** 31 - 1), end);
        signal.addEventListener('abort', end);
      });
    }
    signal.throwIfAborted();
  }
}
