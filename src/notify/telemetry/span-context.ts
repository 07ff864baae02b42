import { z } from 'zod';
import type { SpanContext } from '@opentelemetry/api';

const schema = z.object({
  traceId: z.string().regex(/^(?!0{32})[0-9a-f]{32}$/),
  spanId: z.string().regex(/^(?!0{16})[0-9a-f]{16}$/),
  traceFlags: z.number().int().min(0).max(255),
});

/** The place in a trace that a W3C `traceparent` names; null for anything else. */
export function fromTraceparent(text: string | undefined): SpanContext | null {
  const [, traceId, spanId, flags = ''] =
    /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(text?.trim() ?? '') ?? [];
  return toSpanContext({ traceId, spanId, traceFlags: Number.parseInt(flags, 16) });
}

/** A place in a trace, of whatever came from a file; null for anything else. */
export function toSpanContext(value: unknown): SpanContext | null {
  const { success, data } = schema.safeParse(value);
  return success ? { ...data, isRemote: true } : null;
}
