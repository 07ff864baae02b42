/** The type of an event as people read it: `rollBack done`, `after 1000 ms`, `at once`; one of their own as it is. */
export function eventLabel(eventType: string): string {
  if (eventType === '') return 'at once';
  if (eventType === '*') return 'any other event';
  const [, what, name = ''] =
    /^xstate\.(done\.actor|error\.actor|snapshot|done\.state|after)\.(.+)$/.exec(eventType) ?? [];
  if (what === undefined) return eventType;
  if (what === 'done.state') return 'all done';
  return what === 'after' ? `after ${delayOf(name)}` : `${name} ${outcomes[what]}`;
}

const outcomes: Record<string, string> = {
  'done.actor': 'done',
  'error.actor': 'failed',
  snapshot: 'changed',
};

/** `1000.machine.state`, or the name of a delay instead of the number. */
function delayOf(name: string): string {
  const delay = name.split('.')[0]!;
  return /^\d+$/.test(delay) ? `${delay} ms` : delay;
}
