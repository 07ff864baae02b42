import { letOthersRun } from '../ports/let-others-run.js';

/** Node serves file calls by four threads; more than a few at a time gains nothing and costs open files. */
const limit = 8;

/** The results of `work` for every item, in order; a few run at a time, and none is running any more when this throws. */
export async function inSmallGroups<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const position = next++;
      try {
        await letOthersRun();
        results[position] = await work(items[position] as Item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
