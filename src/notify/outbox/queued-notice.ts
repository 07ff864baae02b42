import { z } from 'zod';
import type { Notice } from '../notifier.js';

/** A notice that waits to be delivered, with its history. */
export interface QueuedNotice {
  notice: Notice;
  /** Names it among those of its improvement. */
  key: string;
  /** Milliseconds since the epoch. */
  queuedAt: number;
  /** How often it was tried and failed. */
  attempts: number;
  /** Milliseconds since the epoch: it is not tried again before. */
  notBefore: number;
}

const text = z.string();
const noticeSchema = z.looseObject({
  type: z.literal('alert'),
  milestone: text,
  taskId: text.regex(/^si-\d{1,16}$/),
  title: text,
  message: text,
  urgency: z.enum(['low', 'normal', 'high', 'critical']),
  timestamp: text,
  parts: z.looseObject({ emoji: text, description: text, body: text }),
  about: z.looseObject({
    planDigest: text,
    risk: text,
    files: z.array(text),
    waitsForApproval: z.boolean(),
    checks: z.array(z.looseObject({ name: text, status: text })),
    log: z.looseObject({ check: text, tail: text }).nullable(),
  }),
});
const schema = z.looseObject({
  format: z.literal(1),
  notice: noticeSchema,
  key: text,
  queuedAt: z.number(),
  attempts: z.number(),
  notBefore: z.number(),
});

export function encodeQueued(queued: QueuedNotice): Buffer {
  return Buffer.from(JSON.stringify({ format: 1, ...queued }));
}

/** Null for what is not a whole notice of this version. */
export function decodeQueued(bytes: Buffer): QueuedNotice | null {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8'))) as unknown as QueuedNotice;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
