import { createHash } from 'node:crypto';
import type { WebhookConfig } from '../../config/notify-schema.js';
import type { Clock } from '../../ports/clock.js';
import type { Channel, Delivery } from '../channel.js';
import { undelivered, withoutAnswer } from '../undelivered.js';
import { signWebhook } from './sign-webhook.js';

export interface WebhookOptions {
  config: WebhookConfig;
  url: string;
  secret: string;
  clock: Clock;
}

const target = 'the webhook';

/**
 * Each step as a signed HTTP request. What got no answer is sent again, with the same id, by which the receiver can tell;
 * so it arrives at least once, and counts once.
 */
export class Webhook implements Channel {
  constructor(private readonly options: WebhookOptions) {}

  async deliver({ notice, key }: Delivery): Promise<void> {
    const { url, secret, clock, config } = this.options;
    const body = JSON.stringify({
      type: `improvement.${notice.milestone}`,
      timestamp: notice.timestamp,
      data: notice,
    });
    const message = {
      id: idOf(notice.about.planDigest, key),
      timestamp: Math.floor(clock.now() / 1000),
      body,
    };
    let response: Response;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'moult',
          ...signWebhook(message, secret),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(config.timeoutMs),
      });
      // What it says does not matter, but the connection is to be used again.
      await response.body?.cancel();
    } catch (error) {
      throw undelivered(withoutAnswer(error as Error, target), error);
    }
    if (!response.ok) throw refused(response, clock.now());
  }
}

function refused(response: Response, now: number): Error {
  const { status } = response;
  const after = retryAfter(response.headers.get('retry-after'), now);
  return undelivered({
    target,
    reason: `HTTP ${status}`,
    outcome: 'refused',
    retry:
      [408, 425, 429].includes(status) || status >= 500
        ? 'soon'
        : isAboutUs(status)
          ? 'once-mended'
          : 'never',
    ...(after === undefined ? {} : { retryAfterMs: after }),
  });
}

/** Not about this notice: the address or the secret is wrong, or, for a redirection or 410, not in use any more. */
function isAboutUs(status: number): boolean {
  return status < 400 || [401, 403, 404, 405, 410].includes(status);
}

/** Seconds, or a date. */
function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** A plan is named by its digest, a step of it by its key. */
function idOf(planDigest: string, key: string): string {
  return `msg_${createHash('sha256').update(`${planDigest} ${key}`).digest('hex').slice(0, 32)}`;
}
