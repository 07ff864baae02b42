import * as path from 'node:path';
import type { NotifyConfig } from '../config/notify-schema.js';
import type { Clock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Logger } from '../ports/logger.js';
import type { SecretMasker } from '../secrets/secret-masker.js';
import type { Environment } from '../secrets/secret-values.js';
import type { Notice, Urgency } from './notifier.js';
import { Outbox } from './outbox/outbox.js';
import { readLogTail } from './read-log-tail.js';
import { targetsOf, type Target } from './targets-of.js';

/** What the notices need of a project. */
export interface NoticePlace {
  /** Absolute. */
  stateDirectory: string;
  config: { notify: NotifyConfig };
}

export interface NoticesOptions {
  fileSystem: FileSystem;
  clock: Clock;
  logger: Logger;
  /** Where the values of the variables are that the configuration names. */
  environment: Environment;
  /** Everything that leaves the process passes through it. */
  masker: Pick<SecretMasker, 'maskJson'>;
}

const urgencies: readonly Urgency[] = ['low', 'normal', 'high', 'critical'];

/** Tells the targets of the configuration, by an outbox each. Nobody waits for it. */
export class Notices {
  private readonly outboxes = new Map<string, Outbox>();

  constructor(private readonly options: NoticesOptions) {}

  /**
   * @param key names the notice among those of its improvement: a second one with the same key is not told.
   * @param durable settles when what the notice tells is on disk; it is not told before.
   */
  tell(place: NoticePlace, key: string, notice: Notice, durable: Promise<unknown>): void {
    // That it could not be saved is told as well: people have to know.
    const settled = durable.then(
      () => undefined,
      () => undefined,
    );
    const prepared = new Lazy(() => settled.then(() => this.prepare(place, notice)));
    for (const target of this.targets(place)) {
      if (urgencies.indexOf(notice.urgency) < urgencies.indexOf(target.minUrgency)) continue;
      this.outboxOf(place, target).add(key, () => prepared.value());
    }
  }

  /** Goes on with what earlier processes left. */
  wake(place: NoticePlace): void {
    for (const target of this.targets(place)) this.outboxOf(place, target).wake();
  }

  /** Waits until everything is delivered, or nothing can be for now, or the time is over. What is left stays on disk. */
  async flush(timeoutMs: number): Promise<void> {
    const { clock } = this.options;
    const deadline = clock.now() + timeoutMs;
    let giveUp = () => {};
    const late = new Promise<void>((resolve) => (giveUp = clock.schedule(timeoutMs, resolve)));
    const settled = Promise.all([...this.outboxes.values()].map((outbox) => outbox.settled(deadline)));
    await Promise.race([settled, late]);
    giveUp();
  }

  /** Removes what is known of improvements that are not there any more. */
  async prune(place: NoticePlace, taskIds: readonly string[]): Promise<void> {
    for (const target of this.targets(place)) await this.outboxOf(place, target).prune(taskIds);
  }

  targets({ config }: NoticePlace): Target[] {
    return targetsOf(config.notify, this.options);
  }

  private outboxOf({ stateDirectory, config }: NoticePlace, { name, title, open }: Target): Outbox {
    const id = JSON.stringify([stateDirectory, name, config.notify]);
    const { fileSystem, clock, logger } = this.options;
    const directory = path.join(stateDirectory, 'outbox', name);
    const outbox =
      this.outboxes.get(id) ?? new Outbox({ fileSystem, clock, logger, directory, target: title, open });
    this.outboxes.set(id, outbox);
    return outbox;
  }

  private async prepare({ stateDirectory }: NoticePlace, notice: Notice): Promise<Notice> {
    const { fileSystem, masker } = this.options;
    const { log } = notice.about;
    const tail = log ? await readLogTail(fileSystem, stateDirectory, log) : '';
    const about = { ...notice.about, log: log ? { ...log, tail } : null };
    const masked = await masker.maskJson({ ...notice, about });
    const { taskId, milestone } = notice;
    // By these an answer finds back.
    return { ...masked, taskId, milestone, about: { ...masked.about, planDigest: notice.about.planDigest } };
  }
}

/** Made at the first asking, and once. */
class Lazy<Value> {
  private made: Promise<Value> | null = null;
  constructor(private readonly make: () => Promise<Value>) {}
  value(): Promise<Value> {
    return (this.made ??= this.make());
  }
}
