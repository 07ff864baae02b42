/** A name of the machine as words: `awaiting_approval` is "awaiting approval". */
export function wordsOf(name: string): string {
  return name.replaceAll('_', ' ');
}
