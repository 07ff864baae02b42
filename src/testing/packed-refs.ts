/** The refs in the text of a `packed-refs` file: each name with its object id. */
export function packedRefs(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => /^[0-9a-f]/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
  );
}
