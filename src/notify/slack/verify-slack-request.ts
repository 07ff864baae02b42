import { createHmac, timingSafeEqual } from 'node:crypto';
import { MoultError } from '../../errors/moult-error.js';

export interface SlackRequest {
  /** `x-slack-signature` */
  signature: string | undefined;
  /** `x-slack-request-timestamp`, seconds since the epoch. */
  timestamp: string | undefined;
  /** As it came. */
  body: Buffer;
}

/** An older request may be one that somebody has seen and sends again. */
const maxAgeSeconds = 300;

/**
 * Makes sure that a request was signed by Slack, and lately.
 *
 * @param now milliseconds since the epoch.
 * @throws INTERACTION_REFUSED
 */
export function verifySlackRequest(request: SlackRequest, signingSecret: string, now: number): void {
  const { signature = '', timestamp = '', body } = request;
  if (!/^\d{1,12}$/.test(timestamp)) throw refused('it has no timestamp');
  if (Math.abs(now / 1000 - Number(timestamp)) > maxAgeSeconds) throw refused('it is too old');
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body);
  const expected = Buffer.from(`v0=${hmac.digest('hex')}`);
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw refused('its signature is not the right one');
}

function refused(reason: string): MoultError<'INTERACTION_REFUSED'> {
  return new MoultError('INTERACTION_REFUSED', { reason });
}
