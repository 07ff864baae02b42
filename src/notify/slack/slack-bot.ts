import type { MessageMetadata } from '@slack/types';
import type { SlackConfig } from '../../config/notify-schema.js';
import type { Clock } from '../../ports/clock.js';
import type { Logger } from '../../ports/logger.js';
import type { Channel, Delivery } from '../channel.js';
import { sendOnce } from '../outbox/send-once.js';
import { undelivered, whyUndelivered } from '../undelivered.js';
import { SlackApi } from './slack-api.js';
import { cardContent, detailContent, plainContent, type SlackContent } from './slack-blocks.js';
import { seemly } from './slack-text.js';

export interface SlackBotOptions {
  config: SlackConfig & { channel: string };
  token: string;
  clock: Clock;
  logger: Logger;
}

const target = 'Slack';

/** The step in which the message of the improvement is posted. */
const card = 'card';

/**
 * Slack by a bot's token: one message for each improvement, which shows where it stands, and in its thread the details of
 * each step. Whether something arrived that got no answer is found out by the metadata of the messages.
 */
export class SlackBot implements Channel {
  private constructor(
    private readonly api: SlackApi,
    private readonly options: SlackBotOptions,
  ) {}

  /** @throws NOTICE_PACKAGE_MISSING */
  static async open(options: SlackBotOptions): Promise<SlackBot> {
    const { token, config, logger } = options;
    return new SlackBot(await SlackApi.open({ ...config, token, logger }), options);
  }

  async deliver(delivery: Delivery): Promise<void> {
    const { ts, isNew } = await this.postCard(delivery);
    try {
      await this.postDetails(delivery, ts);
      await this.uploadLog(delivery, ts);
      if (!isNew) await this.updateCard(delivery, ts);
    } catch (error) {
      throw await this.unlessCardIsGone(delivery, error);
    }
  }

  private async postCard(delivery: Delivery): Promise<{ ts: string; isNew: boolean }> {
    const metadata = metadataOf(delivery, 'moult_improvement');
    let isNew = false;
    const ts = await this.once(delivery, card, {
      send: () => {
        isNew = true;
        return this.post(this.cardOf(delivery), plainContent(delivery.notice), { metadata });
      },
      find: (since) => this.api.findMessage(this.options.config.channel, metadata, since),
    });
    return { ts, isNew };
  }

  private async postDetails(delivery: Delivery, thread: string): Promise<void> {
    const { key, notice } = delivery;
    const metadata = metadataOf(delivery, 'moult_notice', key);
    await this.once(delivery, `details ${key}`, {
      send: () => this.post(detailContent(notice), plainContent(notice), { metadata, thread }),
      find: () => this.api.findReply(this.options.config.channel, thread, metadata),
    });
  }

  /** What does not fit into a message: the end of the log of the check that failed. */
  private async uploadLog(delivery: Delivery, thread: string): Promise<void> {
    const { notice, key } = delivery;
    const { log } = notice.about;
    if (!log || log.tail.trim() === '') return;
    const { channel } = this.options.config;
    const name = `${notice.taskId}-${key.replaceAll(/[^A-Za-z0-9]+/g, '-')}.log`;
    const file = { name, title: `End of the log of ${log.check}`, text: seemly(log.tail) };
    try {
      await this.once(delivery, `file ${key}`, {
        send: () => this.api.upload(channel, thread, file),
        find: () => this.api.findFile(channel, thread, name),
      });
    } catch (error) {
      const { retry, reason } = whyUndelivered(error, target);
      if (retry === 'soon') throw error;
      // Its last lines are in the message.
      this.options.logger.warn(
        `[moult] the log of ${notice.taskId} could not be uploaded to Slack: ${reason}`,
      );
    }
  }

  private updateCard(delivery: Delivery, ts: string): Promise<void> {
    const { channel } = this.options.config;
    const metadata = metadataOf(delivery, 'moult_improvement');
    return this.withoutBlocksIfRefused(this.cardOf(delivery), plainContent(delivery.notice), (content) =>
      this.api.update(channel, ts, content, metadata),
    );
  }

  /** Somebody deleted the message: the next try posts another one. */
  private async unlessCardIsGone({ notes }: Delivery, error: unknown): Promise<unknown> {
    const why = whyUndelivered(error, target);
    if (!['message_not_found', 'thread_not_found', 'cant_update_message'].includes(why.reason)) return error;
    await notes.forget(card);
    return undelivered({ ...why, retry: 'soon' }, error);
  }

  private cardOf({ notice, notes }: Delivery): SlackContent {
    return cardContent(notice, { told: notes.told, buttons: this.options.config.buttons });
  }

  private post(
    content: SlackContent,
    plain: SlackContent,
    place: { metadata: MessageMetadata; thread?: string },
  ): Promise<string> {
    return this.withoutBlocksIfRefused(content, plain, (one) =>
      this.api.post(this.options.config.channel, one, place),
    );
  }

  /** A message must arrive, also where a limit was misjudged. */
  private async withoutBlocksIfRefused<Result>(
    content: SlackContent,
    plain: SlackContent,
    send: (content: SlackContent) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await send(content);
    } catch (error) {
      const { retry, outcome, reason } = whyUndelivered(error, target);
      if (retry !== 'never' || outcome !== 'refused' || !/block|too_long/.test(reason)) throw error;
      return send(plain);
    }
  }

  private once(
    { notes }: Delivery,
    name: string,
    { send, find }: { send: () => Promise<string>; find: (since: number) => Promise<string | null> },
  ): Promise<string> {
    const now = this.options.clock.now();
    return sendOnce(notes, { ...{ name, target, now, send }, find: (since) => sure(() => find(since)) });
  }
}

/** Where the bot may not look, nobody can know: what may have arrived is not sent a second time. */
async function sure<Result>(find: () => Promise<Result>): Promise<Result> {
  try {
    return await find();
  } catch (error) {
    const why = whyUndelivered(error, target);
    if (why.retry === 'soon') throw error;
    const reason = `it may have arrived, and the bot may not look whether it did: ${why.reason}`;
    throw undelivered({ target, reason, outcome: 'unknown', retry: 'never' }, error);
  }
}

function metadataOf({ notice }: Delivery, type: string, key?: string): MessageMetadata {
  const { taskId: task, about } = notice;
  return {
    event_type: type,
    event_payload: { task, plan: about.planDigest, ...(key === undefined ? {} : { key }) },
  };
}
