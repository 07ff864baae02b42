/** What a reader of the terminal sees. */
export function say(line) {
  console.log(`  ${line}`);
}

export function heading(line) {
  console.log(`\n${line}`);
}

/** Says what was done and how long it took. */
export async function timed(what, work) {
  const startedAt = performance.now();
  const result = await work();
  heading(`${what} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  return result;
}
