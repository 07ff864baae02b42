import type { ProgressEvent } from '../actors/progress.js';
import type { Logger } from '../ports/logger.js';
import type { SelfImprovementService } from '../self-improvement-service.js';
import { activityInWords } from '../wording/state-in-words.js';

interface Execution {
  /** Resolves when the execution is over, however it ended. */
  ended: Promise<void>;
  /** Called once the plan was found to fit: from there on it is under way. */
  begun: () => void;
  activity: string | undefined;
}

/** Where the files are compared with the plan, and where that leads when they do not fit. */
const mayBeRefused = ['planning.ready', 'implementing.backing_up', 'cancelled'];

/** What this process is carrying out: nobody's request waits for it, and none of them ends it. */
export class Executions {
  private readonly running = new Map<string, Execution>();

  constructor(
    private readonly service: SelfImprovementService,
    private readonly logger: Logger,
  ) {}

  /** Resolves when it is under way or at its end. @throws what refuses the plan before anything is touched. */
  async begin(taskId: string): Promise<void> {
    let begun = () => {};
    const underWay = new Promise<void>((resolve) => (begun = resolve));
    const work = this.service.executeImprovement(taskId);
    let isUnderWay = false;
    void underWay.then(() => (isUnderWay = true));
    const ended = work.then(
      () => undefined,
      (error: unknown) => {
        // Who began it hears of a refusal; later nobody listens, and the journal says what to do.
        if (isUnderWay) this.logger.error(`[moult] ${taskId} broke off: ${String(error)}`);
      },
    );
    this.running.set(taskId, { ended, begun, activity: undefined });
    void ended.finally(() => this.running.delete(taskId));
    await Promise.race([underWay, work]);
  }

  /** Follows what the service tells. */
  hear(event: ProgressEvent): void {
    const execution = this.running.get(event.taskId);
    if (!execution) return;
    if (event.type === 'state') {
      execution.activity = activityInWords(event.state);
      if (!mayBeRefused.includes(event.state)) execution.begun();
    }
    if (event.type === 'check-started')
      execution.activity = `running the check ${JSON.stringify(event.name)}`;
  }

  activityOf(taskId: string): string | undefined {
    return this.running.get(taskId)?.activity;
  }

  ids(): string[] {
    return [...this.running.keys()];
  }

  async ended(taskId: string): Promise<void> {
    await this.running.get(taskId)?.ended;
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all([...this.running.values()].map(({ ended }) => ended));
  }
}
