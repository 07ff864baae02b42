/** Names as a message has them: quoted, with commas between. */
export function listed(items: readonly string[]): string {
  return items.map((item) => JSON.stringify(item)).join(', ');
}
