/** So long may one loop hold up the program. */
const turnMs = 15;
let turnBegan = 0;

/**
 * For loops that hardly wait for anything, between two steps: when the event loop has been held up for a while, timers and
 * other work of the program get their turn first.
 */
export async function letOthersRun(): Promise<void> {
  if (performance.now() - turnBegan < turnMs) return;
  await new Promise((resolve) => setImmediate(resolve));
  turnBegan = performance.now();
}
