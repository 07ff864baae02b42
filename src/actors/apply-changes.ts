import { MoultError } from '../errors/moult-error.js';
import type { JournalBody } from '../store/journal.js';
import { placeDirectory } from '../workspace/created-directories.js';
import { forEachPathInOrder } from '../workspace/for-each-path.js';
import { swapIn, type StagedChange } from '../workspace/swap-in.js';
import { applyFailed } from './apply-failed.js';
import type { ImprovementParts } from './improvement-parts.js';
import { stageChanges } from './stage-changes.js';

type Intent = Extract<JournalBody, { type: 'intent' }>;

/** Stages everything, then makes it visible path by path. Answers the paths. */
export async function applyChanges(parts: ImprovementParts, signal: AbortSignal): Promise<string[]> {
  const { fileSystem: fs, root, plan, journal, slots, lock } = parts;
  // Intents are written only when everything is staged: a resumed task that has them all goes on from there.
  if (journal.of('intent').length < plan.paths.length) await stageChanges(parts, signal);
  await journal.mark(lock());
  await forEachPathInOrder(
    { fs, root, sync: true },
    journal.of('directory-intent'),
    async (tree, directory) => {
      await lock().assertHeld();
      await placeDirectory(tree, slots, directory).catch(applyFailed(directory.path));
    },
  );
  // Those at the end are whole; what a crash left of an earlier try comes before them.
  const changes = journal.of('intent').slice(-plan.paths.length).filter(isChange);
  await forEachPathInOrder({ fs, root, sync: true }, changes, async (tree, change) => {
    signal.throwIfAborted();
    await lock().assertHeld();
    await swapIn(tree, slots, change).catch((error: unknown) => refuse(parts, change, error));
    parts.progress({ type: 'applied', taskId: parts.plan.taskId, path: change.path });
  });
  const outcomes = changes.map(({ index }) => ({ type: 'outcome', index }) as const);
  // Only a help for readers: what is in doubt is settled by looking at the file.
  await journal.append(outcomes, lock(), { durable: false });
  return changes.map(({ path }) => path);
}

function isChange(intent: Intent): intent is Intent & StagedChange {
  return intent.after !== null;
}

async function refuse(
  { journal, lock }: ImprovementParts,
  { index, path }: StagedChange,
  error: unknown,
): Promise<never> {
  if (error instanceof MoultError && error.code === 'EDIT_CONFLICT')
    await journal.append([{ type: 'conflict', index }], lock());
  return applyFailed(path)(error);
}
