import type { MessageMetadata } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { MoultError } from '../../errors/moult-error.js';
import type { Logger } from '../../ports/logger.js';
import { loadPeer } from '../load-peer.js';
import { undelivered } from '../undelivered.js';
import { slackFailure } from './slack-failure.js';
import type { SlackContent } from './slack-blocks.js';

interface Access {
  token: string;
  apiUrl: string;
  timeoutMs: number;
  logger: Logger;
}

interface Found {
  ts?: string;
  metadata?: { event_type?: string; event_payload?: object };
  files?: { id?: string; name?: string | null }[];
}

const pagesMax = 10;
/** Slack's clock and ours. */
const clockSkewMs = 5 * 60_000;

/** The few calls of Slack's Web API that are needed, each tried once. @throws NOTICE_NOT_DELIVERED */
export class SlackApi {
  private constructor(private readonly client: WebClient) {}

  /** @throws NOTICE_PACKAGE_MISSING */
  static async open({ token, apiUrl, timeoutMs, logger }: Access): Promise<SlackApi> {
    const { WebClient } = await loadPeer('@slack/web-api', 'notify.slack', () => import('@slack/web-api'));
    const client = new WebClient(token, {
      slackApiUrl: apiUrl,
      timeout: timeoutMs,
      // The outbox knows when to try again, also in another process.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: quiet(logger),
    });
    return new SlackApi(client);
  }

  /** Answers the timestamp of the message, which is its name. */
  async post(
    channel: string,
    content: SlackContent,
    { metadata, thread }: { metadata: MessageMetadata; thread?: string },
  ): Promise<string> {
    return this.call(async () => {
      const { ts } = await this.client.chat.postMessage({
        ...{ channel, text: content.text, metadata },
        ...(content.blocks.length === 0 ? {} : { blocks: content.blocks }),
        ...(thread === undefined ? {} : { thread_ts: thread }),
        ...{ parse: 'none', link_names: false, mrkdwn: false, unfurl_links: false, unfurl_media: false },
      });
      return ts!;
    });
  }

  async update(channel: string, ts: string, content: SlackContent, metadata: MessageMetadata): Promise<void> {
    await this.call(() =>
      this.client.chat.update({
        ...{ channel, ts, text: content.text, metadata, parse: 'none', link_names: false },
        blocks: content.blocks,
      }),
    );
  }

  /** A file in a thread. Answers its id. */
  async upload(
    channel: string,
    thread: string,
    file: { name: string; title: string; text: string },
  ): Promise<string> {
    return this.call(async () => {
      const { files } = (await this.client.filesUploadV2({
        ...{ channel_id: channel, thread_ts: thread, filename: file.name, title: file.title },
        ...{ content: file.text, snippet_type: 'text' },
      })) as { files: { files?: { id?: string }[] }[] };
      return files[0]?.files?.[0]?.id ?? file.name;
    });
  }

  /** The message of the channel with that metadata, posted since then (milliseconds since the epoch). */
  async findMessage(channel: string, metadata: MessageMetadata, since: number): Promise<string | null> {
    const found = await this.search(
      (cursor) =>
        this.client.conversations.history({
          ...{ channel, cursor, limit: 200, include_all_metadata: true },
          oldest: ((since - clockSkewMs) / 1000).toFixed(6),
        }),
      (message) => isOf(message, metadata),
    );
    return found?.ts ?? null;
  }

  async findReply(channel: string, thread: string, metadata: MessageMetadata): Promise<string | null> {
    const found = await this.searchThread(channel, thread, (message) => isOf(message, metadata));
    return found?.ts ?? null;
  }

  async findFile(channel: string, thread: string, name: string): Promise<string | null> {
    const isIt = (file: { name?: string | null }) => file.name === name;
    const found = await this.searchThread(channel, thread, ({ files }) => files?.some(isIt) === true);
    return found?.files?.find(isIt)?.id ?? null;
  }

  private searchThread(
    channel: string,
    ts: string,
    isIt: (message: Found) => boolean,
  ): Promise<Found | null> {
    return this.search(
      (cursor) =>
        this.client.conversations.replies({ channel, ts, cursor, limit: 200, include_all_metadata: true }),
      isIt,
    );
  }

  private async search(
    read: (
      cursor: string | undefined,
    ) => Promise<{ messages?: Found[]; response_metadata?: { next_cursor?: string } }>,
    isIt: (message: Found) => boolean,
  ): Promise<Found | null> {
    let cursor: string | undefined;
    for (let page = 0; page < pagesMax; page += 1) {
      const { messages = [], response_metadata: metadata } = await this.call(() => read(cursor));
      const found = messages.find(isIt);
      if (found) return found;
      cursor = metadata?.next_cursor;
      if (cursor === undefined || cursor === '') return null;
    }
    return null;
  }

  private async call<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw toUndelivered(error as Error);
    }
  }
}

function toUndelivered(error: Error): MoultError {
  return undelivered(slackFailure(error), error);
}

function isOf({ metadata }: Found, { event_type, event_payload }: MessageMetadata): boolean {
  if (metadata?.event_type !== event_type) return false;
  const payload = (metadata.event_payload ?? {}) as Record<string, unknown>;
  return Object.entries(event_payload).every(([key, value]) => payload[key] === value);
}

/** The outbox tells what matters; the client's own words are for those who look closer. */
function quiet(logger: Logger): NonNullable<ConstructorParameters<typeof WebClient>[1]>['logger'] {
  const say = (...words: unknown[]) => logger.debug(`[moult] Slack client: ${words.map(String).join(' ')}`);
  return {
    debug: () => undefined,
    info: say,
    warn: say,
    error: say,
    setLevel: () => undefined,
    getLevel: () => 'info' as ReturnType<NonNullable<ReturnType<typeof quiet>>['getLevel']>,
    setName: () => undefined,
  };
}
