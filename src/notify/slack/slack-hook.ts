import type { IncomingWebhook } from '@slack/webhook';
import type { SlackConfig } from '../../config/notify-schema.js';
import type { Clock } from '../../ports/clock.js';
import type { Channel, Delivery } from '../channel.js';
import { loadPeer } from '../load-peer.js';
import { sendOnce } from '../outbox/send-once.js';
import { undelivered, whyUndelivered } from '../undelivered.js';
import { plainContent, wholeContent, type SlackContent } from './slack-blocks.js';
import { slackFailure } from './slack-failure.js';

export interface SlackHookOptions {
  config: SlackConfig;
  url: string;
  clock: Clock;
}

const target = 'Slack';

/**
 * Slack by the URL of an incoming webhook: one message for each step. Such a URL cannot be asked what arrived. So what got
 * no answer at all is not sent again: it is told at most once, and may be missing.
 */
export class SlackHook implements Channel {
  private constructor(
    private readonly hook: IncomingWebhook,
    private readonly options: SlackHookOptions,
    private readonly answer: { retryAfterMs?: number },
  ) {}

  /** @throws NOTICE_PACKAGE_MISSING */
  static async open(options: SlackHookOptions): Promise<SlackHook> {
    const { IncomingWebhook } = await loadPeer(
      '@slack/webhook',
      'notify.slack',
      () => import('@slack/webhook'),
    );
    const answer: { retryAfterMs?: number } = {};
    const hook = new IncomingWebhook(options.url, {
      timeout: options.config.timeoutMs,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        // The client's error does not tell it.
        const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
        answer.retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
        return response;
      },
    });
    return new SlackHook(hook, options, answer);
  }

  async deliver({ notice, key, notes }: Delivery): Promise<void> {
    const content = wholeContent(notice, { buttons: this.options.config.buttons });
    await sendOnce(notes, {
      name: key,
      target,
      now: this.options.clock.now(),
      send: () => this.sendEither(content, plainContent(notice)),
      find: () => {
        const reason = 'it may have arrived: there was no answer, and an incoming webhook cannot be asked';
        throw undelivered({ target, reason, outcome: 'unknown', retry: 'never' });
      },
    });
  }

  /** A message must arrive, also where a limit was misjudged. */
  private async sendEither(content: SlackContent, plain: SlackContent): Promise<string> {
    try {
      return await this.send(content);
    } catch (error) {
      if (!/invalid_blocks|too_long/.test(whyUndelivered(error, target).reason)) throw error;
      return this.send(plain);
    }
  }

  private async send({ text, blocks }: SlackContent): Promise<string> {
    this.answer.retryAfterMs = undefined;
    try {
      const { text: answer } = await this.hook.send({
        text,
        blocks,
        unfurl_links: false,
        unfurl_media: false,
      });
      return answer;
    } catch (error) {
      const why = slackFailure(error as Error);
      const { retryAfterMs } = this.answer;
      const isAnswered = 'statusCode' in (error as object);
      throw undelivered(
        {
          ...why,
          // An incoming webhook that answers that it failed has posted nothing.
          ...(isAnswered ? { outcome: 'refused' as const } : {}),
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        },
        error,
      );
    }
  }
}
