import { createHmac } from 'node:crypto';

export interface WebhookMessage {
  /** The same in every attempt: by it a receiver knows a message that came before. */
  id: string;
  /** Seconds since the epoch. */
  timestamp: number;
  body: string;
}

/**
 * The headers of https://www.standardwebhooks.com: HMAC-SHA256 over id, timestamp and body.
 *
 * @param secret after `whsec_` it is base64, as that specification writes secrets; else it is taken as it is.
 */
export function signWebhook({ id, timestamp, body }: WebhookMessage, secret: string): Record<string, string> {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  };
}
