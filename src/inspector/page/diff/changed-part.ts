/** A part of a line: from `start` to before `end`. */
export interface Part {
  start: number;
  end: number;
}

/** What differs between a line and the one that replaces it; null where too little is alike to be worth marking. */
export function changedPart(before: string, after: string): { before: Part; after: Part } | null {
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const alike = before.slice(0, head).trim().length + before.slice(before.length - tail).trim().length;
  if (alike * 3 < shortest) return null;
  return {
    before: { start: head, end: before.length - tail },
    after: { start: head, end: after.length - tail },
  };
}
