/** The stashes in the text of the reflog `logs/refs/stash`: `stash@{0}`, the newest, stands last in it. */
export function stashEntries(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return Object.fromEntries(lines.reverse().map((line, index) => [`stash@{${index}}`, toEntry(line)]));
}

/** A line is `<old id> <new id> <who> <when>`, a tab and the message. */
function toEntry(line: string): string {
  const [head = '', message = ''] = line.split('\t');
  return `${head.split(' ')[1]} ${message}`;
}
