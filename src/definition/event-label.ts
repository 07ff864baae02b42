/** The type of an event as people read it: `rollBack done`, `after 1000 ms`, `at once`; one of their own as it is. */
export function eventLabel(eventType: string): string {
  if (eventType === '') return 'at once';
  if (eventType === '*') return 'any other event';
  const [, what, name = ''] =
    /^xstate\.(done\.actor|error\.actor|snapshot|done\.state|after)\.(.+)$/.exec(eventType) ?? [];
  switch (what) {
    case 'done.actor':
      return `${name} done`;
    case 'error.actor':
      return `${name} failed`;
    case 'snapshot':
      return `${name} changed`;
    case 'done.state':
      return 'all done';
    case 'after':
      return `after ${delayOf(name)}`;
    default:
      return eventType;
  }
}

/** `1000.machine.state`, or the name of a delay instead of the number. */
function delayOf(name: string): string {
  const delay = name.split('.')[0]!;
  return /^\d+$/.test(delay) ? `${delay} ms` : delay;
}
