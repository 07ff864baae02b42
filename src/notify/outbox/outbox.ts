import * as path from 'node:path';
import { MoultError } from '../../errors/moult-error.js';
import type { Clock } from '../../ports/clock.js';
import type { FileSystem } from '../../ports/file-system.js';
import type { Logger } from '../../ports/logger.js';
import { Lock } from '../../store/lock.js';
import type { Channel } from '../channel.js';
import type { Notice } from '../notifier.js';
import { whyUndelivered, type Undelivered } from '../undelivered.js';
import { DeliveryNotes, pruneNotes } from './delivery-notes.js';
import { isQueued, NoticeQueue } from './notice-queue.js';
import type { QueuedNotice } from './queued-notice.js';
import { removeOldDrafts } from './remove-old-drafts.js';
import { retryDelay } from './retry-delay.js';

export interface OutboxOptions {
  fileSystem: FileSystem;
  clock: Clock;
  logger: Logger;
  /** A folder of its own in the state directory, absolute; made with the first notice. */
  directory: string;
  /** What messages call the other side, as `Slack`. */
  target: string;
  /** Makes the channel ready, on first use. */
  open: () => Promise<Channel>;
}

/** Older news is no news. */
const maxAgeMs = 24 * 3_600_000;
const maxAttempts = 100;
const maxQueued = 1_000;
/** Another process sends, and may have stopped before it saw ours. */
const busyMs = 500;
/** Something must be mended by a person first, in this process or another. */
const onceMendedMs = 5 * 60_000;

/**
 * The notices for one target, on disk until they are delivered: in order, and at most once each, whichever processes send
 * them and whenever they are killed. Nobody waits for it, and nothing it does can fail an improvement.
 */
export class Outbox {
  private readonly queue: NoticeQueue;
  private channel: Promise<Channel> | null = null;
  /** What is being put on disk, in order. */
  private queuing: Promise<void> = Promise.resolve();
  private sending: Promise<void> | null = null;
  private isMissed = false;
  private retry: { at: number; cancel: () => void } | null = null;
  private readonly said = new Set<string>();

  constructor(private readonly options: OutboxOptions) {
    this.queue = new NoticeQueue(options.fileSystem, this.queueFolder);
  }

  /** Puts a notice on disk, unless it was queued or told before, and begins to send. Never throws. */
  add(key: string, prepare: () => Promise<Notice>): void {
    this.queuing = this.queuing.then(async () => {
      try {
        await this.enqueue(key, await prepare());
        this.wake();
      } catch (error) {
        this.options.logger.warn(`[moult] a notice for ${this.options.target} is lost: ${String(error)}`);
      }
    });
  }

  /** Begins to send what waits, unless that is under way, or the next try has its time. */
  wake(): void {
    if (this.retry && this.retry.at > this.options.clock.now()) return;
    this.retry?.cancel();
    this.retry = null;
    if (this.sending) {
      this.isMissed = true;
      return;
    }
    this.isMissed = false;
    this.sending = this.sendAll()
      .catch((error: unknown) => this.failed(error))
      .then((waitMs) => {
        this.sending = null;
        if (waitMs !== null) this.retryIn(waitMs);
        else if (this.isMissed) this.wake();
      });
  }

  /** Resolves when nothing waits any more, or nothing can be sent before `deadline` (milliseconds since the epoch). */
  async settled(deadline: number): Promise<void> {
    await this.queuing;
    while (this.sending || (this.retry && this.retry.at < deadline)) {
      await (this.sending ?? this.pause(this.retry!.at - this.options.clock.now()));
      await this.queuing;
    }
  }

  /** Removes the notes of improvements that are not there any more, and of which nothing is to be told; and old drafts. */
  async prune(taskIds: readonly string[]): Promise<void> {
    const names = await this.queue.names();
    const isOver = (taskId: string) =>
      !taskIds.includes(taskId) && !names.some((name) => name.includes(`-${taskId}-`));
    const { clock, fileSystem } = this.options;
    await pruneNotes(fileSystem, this.notesFolder, isOver);
    for (const folder of [this.queueFolder, this.notesFolder])
      await removeOldDrafts(fileSystem, folder, clock.now() - maxAgeMs);
  }

  private async enqueue(key: string, notice: Notice): Promise<void> {
    const { clock } = this.options;
    const names = await this.queue.names();
    if (isQueued(names, notice.taskId, key)) return;
    // In this order: what leaves the queue is in the notes before.
    if ((await this.notesOf(notice)).told.includes(key)) return;
    if (names.length >= maxQueued) throw new Error(`${maxQueued} others wait already`);
    await this.queue.add({ notice, key, queuedAt: clock.now(), attempts: 0, notBefore: 0 }, names);
  }

  /** Answers when to try again; null where nothing waits. */
  private async sendAll(): Promise<number | null> {
    if ((await this.queue.names()).length === 0) return null;
    const lock = await this.takeLock();
    if (!lock) return busyMs;
    try {
      for (;;) {
        const [name] = await this.queue.names();
        if (name === undefined) return null;
        const waitMs = await this.sendFirst(name, lock);
        if (waitMs !== null) return waitMs;
      }
    } finally {
      await lock.release();
    }
  }

  /** One process sends at a time: two would send the same. */
  private async takeLock(): Promise<Lock | null> {
    const { fileSystem, directory } = this.options;
    const folder = path.join(directory, 'lock');
    await fileSystem.mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      return await Lock.acquire({ fileSystem, directory: folder });
    } catch (error) {
      if (error instanceof MoultError && error.code === 'LOCK_HELD') return null;
      throw error;
    }
  }

  private async sendFirst(name: string, lock: Lock): Promise<number | null> {
    const { clock, logger, target } = this.options;
    const queued = await this.queue.read(name);
    if (queued === null) {
      logger.warn(`[moult] a queued notice for ${target} cannot be read and is dropped: ${name}`);
      await this.queue.remove(name);
      return null;
    }
    const now = clock.now();
    if (now - queued.queuedAt > maxAgeMs) return this.giveUp(name, queued, 'it is a day old');
    if (queued.notBefore > now) return queued.notBefore - now;
    await lock.assertHeld();
    const notes = await this.notesOf(queued.notice);
    const { sentCount } = notes;
    try {
      await this.deliver(queued, notes);
    } catch (error) {
      // Whoever gets on begins to count anew: the other side is there.
      const attempts = notes.sentCount > sentCount ? 1 : queued.attempts + 1;
      return this.notDelivered(name, { ...queued, attempts }, whyUndelivered(error, target));
    }
    await this.finish(name, queued);
    return null;
  }

  private async deliver({ notice, key }: QueuedNotice, notes: DeliveryNotes): Promise<void> {
    this.channel ??= this.options.open();
    try {
      const channel = await this.channel;
      await channel.deliver({ notice, key, notes });
    } catch (error) {
      if (whyUndelivered(error, this.options.target).retry === 'once-mended') this.channel = null;
      throw error;
    }
  }

  private async notDelivered(name: string, queued: QueuedNotice, why: Undelivered): Promise<number | null> {
    const { clock } = this.options;
    const { attempts } = queued;
    if (why.retry === 'never') return this.giveUp(name, queued, why.reason);
    if (why.retry === 'once-mended') {
      this.say(`${why.reason} Until then notices wait, for a day.`);
      return onceMendedMs;
    }
    if (attempts >= maxAttempts) return this.giveUp(name, queued, `${why.reason}, ${attempts} times`);
    const waitMs = retryDelay(attempts, why.retryAfterMs);
    await this.queue.replace(name, { ...queued, notBefore: clock.now() + waitMs });
    this.options.logger.debug(
      `[moult] ${this.options.target}: ${why.reason}; the next try is in ${waitMs} ms`,
    );
    return waitMs;
  }

  private async giveUp(name: string, queued: QueuedNotice, reason: string): Promise<null> {
    const { title, taskId } = queued.notice;
    const { target, logger } = this.options;
    logger.warn(`[moult] "${title}" of ${taskId} was not delivered to ${target}, and is given up: ${reason}`);
    await this.finish(name, queued);
    return null;
  }

  private async finish(name: string, { notice, key }: QueuedNotice): Promise<void> {
    await (await this.notesOf(notice)).wasTold(key);
    await this.queue.remove(name);
  }

  private notesOf({ taskId }: Notice): Promise<DeliveryNotes> {
    return DeliveryNotes.open(this.options.fileSystem, this.notesFolder, taskId);
  }

  private get queueFolder(): string {
    return path.join(this.options.directory, 'queue');
  }

  private get notesFolder(): string {
    return path.join(this.options.directory, 'notes');
  }

  /** The disk, or a lock of another machine: whatever it is, the notices are safe where they are. */
  private failed(error: unknown): number {
    this.say(`notices cannot be sent now: ${error instanceof Error ? error.message : String(error)}`);
    return onceMendedMs;
  }

  private say(words: string): void {
    if (this.said.has(words)) return;
    this.said.add(words);
    this.options.logger.warn(`[moult] ${this.options.target}: ${words}`);
  }

  private retryIn(waitMs: number): void {
    const { clock } = this.options;
    const cancel = clock.schedule(
      waitMs,
      () => {
        this.retry = null;
        this.wake();
      },
      { isBackground: true },
    );
    this.retry = { at: clock.now() + waitMs, cancel };
  }

  /** Unlike the timer of the next try, this one keeps the program running. */
  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.options.clock.schedule(Math.max(1, ms), resolve));
  }
}
