import type { AnyEventObject } from 'xstate';

/** An event as a string that tells errors apart; plain JSON drops their messages. */
export function serializeEvent(event: AnyEventObject): string {
  return JSON.stringify(event, (_key, value: unknown) =>
    value instanceof Error ? { ...value, message: value.message } : value,
  );
}
