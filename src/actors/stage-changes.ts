import type { FileImage } from '../plan/plan.js';
import { syncDirectory } from '../store/durable-file.js';
import type { JournalBody } from '../store/journal.js';
import { missingDirectories, stageDirectory } from '../workspace/created-directories.js';
import { forEachPath } from '../workspace/for-each-path.js';
import { stage } from '../workspace/stage.js';
import { parentPath, Tree } from '../workspace/tree.js';
import { applyFailed } from './apply-failed.js';
import { askEditor } from './ask-editor.js';
import type { ImprovementParts } from './improvement-parts.js';

/**
 * Writes every new file and directory in full, ready to be renamed into place, and journals every intent. After this
 * nothing needs space on the disk any more.
 */
export async function stageChanges(parts: ImprovementParts, signal: AbortSignal): Promise<void> {
  const { fileSystem: fs, root, plan, folder, journal, slots, lock } = parts;
  const afters = await resolveAfters(parts, signal);
  const files = plan.paths
    .filter((_, index) => (afters[index] ?? { kind: 'absent' }).kind !== 'absent')
    .map(({ path }) => path);
  const directories = await Tree.use(fs, root, async (tree) => {
    const missing = await missingDirectories(tree, files);
    const staged: JournalBody[] = [];
    for (const [index, path] of missing.entries()) {
      const directory = await stageDirectory(tree, slots, path, index).catch(applyFailed(path));
      staged.push({ type: 'directory-intent', ...directory });
    }
    return staged;
  });
  const intents: JournalBody[] = [];
  await forEachPath({ fs, root }, plan.paths, async (tree, planned, index) => {
    signal.throwIfAborted();
    const { path, before, source } = planned;
    const after = afters[index] ?? null;
    const bytes = source === 'before' ? folder.before(index) : folder.planned(index);
    const anchor = after
      ? await stage(tree, slots, { index, path, before, after, bytes, keepTimes: source === 'before' }).catch(
          applyFailed(path),
        )
      : parentPath(path);
    intents[index] = { type: 'intent', index, path, anchor, before, after };
  });
  await syncDirectory(fs, folder.stagedFolder);
  await syncDirectory(fs, folder.directoriesFolder);
  await journal.append([...directories, ...intents], lock());
}

/** The after-image of every path, with the editor asked where the plan leaves it open. */
async function resolveAfters(parts: ImprovementParts, signal: AbortSignal): Promise<(FileImage | null)[]> {
  const afters: (FileImage | null)[] = [];
  for (const [index, planned] of parts.plan.paths.entries()) {
    signal.throwIfAborted();
    afters.push(planned.source === 'editor' ? await askEditor(parts, planned, index, signal) : planned.after);
  }
  if (parts.plan.paths.some(({ source }) => source === 'editor'))
    await syncDirectory(parts.fileSystem, parts.folder.plannedFolder);
  return afters;
}
