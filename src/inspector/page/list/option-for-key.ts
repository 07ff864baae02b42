/** The option that a key chooses; null where it is not a key of a list. */
export function optionForKey(
  key: string,
  { chosen, count, page }: { chosen: number; count: number; page: number },
): number | null {
  const next = new Map([
    ['ArrowDown', chosen + 1],
    ['ArrowUp', chosen - 1],
    ['PageDown', chosen + page],
    ['PageUp', chosen - page],
    ['Home', 0],
    ['End', count - 1],
  ]).get(key);
  if (next === undefined || count === 0) return null;
  return Math.min(Math.max(next, 0), count - 1);
}
