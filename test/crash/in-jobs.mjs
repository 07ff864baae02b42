/** Does `work` for every item, `jobs` at a time; stops at the first error. */
export async function inJobs(jobs, items, work) {
  const queue = items[Symbol.asyncIterator]?.() ?? items[Symbol.iterator]();
  const worker = async () => {
    for (;;) {
      const { value, done } = await queue.next();
      if (done) return;
      await work(value);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}
