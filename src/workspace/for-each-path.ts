import type { FileSystem } from '../ports/file-system.js';
import { letOthersRun } from '../ports/let-others-run.js';
import { inParallel } from './in-parallel.js';
import { Tree } from './tree.js';

/** Each may hold a few directories open; more at a time could run into the limit of open files. */
const batchSize = 64;

interface Walk {
  fs: FileSystem;
  /** The real path of the project root. */
  root: string;
  /** Syncs the directories of a batch when it is done. */
  sync?: boolean;
}

/** Does independent work on many paths, several at a time, with directories opened once per batch. */
export async function forEachPath<Item>(
  { fs, root, sync = false }: Walk,
  items: readonly Item[],
  work: (tree: Tree, item: Item, position: number) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < items.length; start += batchSize) {
    await Tree.use(fs, root, async (tree) => {
      await inParallel(items.slice(start, start + batchSize), async (item, position) => {
        await letOthersRun();
        await work(tree, item, start + position);
      });
      if (sync) await tree.sync();
    });
  }
}

/** The same, one after the other and in order, for work in which the order counts. */
export async function forEachPathInOrder<Item>(
  { fs, root, sync = false }: Walk,
  items: readonly Item[],
  work: (tree: Tree, item: Item, position: number) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < items.length; start += batchSize) {
    await Tree.use(fs, root, async (tree) => {
      for (const [position, item] of items.slice(start, start + batchSize).entries()) {
        await letOthersRun();
        await work(tree, item, start + position);
      }
      if (sync) await tree.sync();
    });
  }
}
