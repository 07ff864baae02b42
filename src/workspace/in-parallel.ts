/** Node serves file calls by four threads; more than a few at a time gains nothing and costs open files. */
const limit = 8;

/** Runs `work` for every item, a few at a time; waits for all that were started, then throws the first error. */
export async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item, position: number) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && errors.length === 0) {
      const position = next;
      next += 1;
      await work(items[position] as Item, position).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
}
