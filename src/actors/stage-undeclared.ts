import { hasCode } from '../errors/has-code.js';
import { foldersOf } from '../git/folders-of.js';
import { readBlobs } from '../git/read-blobs.js';
import type { FileImage } from '../plan/plan.js';
import { umask } from '../process/umask.js';
import { createFileDurably, syncDirectory } from '../store/durable-file.js';
import type { JournalBody } from '../store/journal.js';
import { lstatOrNull, readImage } from '../workspace/read-image.js';
import { parentPath, Tree } from '../workspace/tree.js';
import type { Undeclared } from './find-undeclared.js';
import type { ImprovementParts } from './improvement-parts.js';

type Change = Undeclared['changes'][number];
type Intent = Extract<JournalBody, { type: 'undeclared-intent' }>;

const groupSize = 16;
const executable = '100755';
const symbolicLink = '120000';

/**
 * Writes the old bytes of every undeclared change into the task's folder, then journals that all of them are about to be
 * put back. What was not kept, and what is in doubt, is left as it is. Answers what is to be put back.
 */
export async function stageUndeclared(
  parts: ImprovementParts,
  { changes, more }: Undeclared,
): Promise<Intent[]> {
  const { fileSystem: fs, root, journal, lock, folder } = parts;
  const journaled = journal.of('undeclared-intent');
  const restorable = more > 0 ? [] : changes.filter(({ doubt }) => doubt === null);
  if (journaled.length > 0 || restorable.length === 0) return journaled;
  await fs.rm(folder.undeclaredFolder, { recursive: true, force: true });
  await fs.mkdir(folder.undeclaredFolder, { mode: 0o700 });
  const intents: Intent[] = [];
  const witnessed = new Map(journal.of('witness').at(-1)?.modes);
  const changed = new Set(restorable.map(({ path }) => path));
  for (let start = 0; start < restorable.length; start += groupSize) {
    const group = restorable.slice(start, start + groupSize);
    const blobs = await blobsOf(parts, group);
    await Tree.use(fs, root, async (tree) => {
      for (const [offset, change] of group.entries()) {
        const position = start + offset;
        const file = folder.undeclared(position);
        const before = await stageOne(parts, tree, { change, witnessed, blobs, file });
        if (before === null) continue;
        const anchor = await anchorOf(tree, change.path, changed);
        intents.push({ type: 'undeclared-intent', position, path: change.path, anchor, before });
      }
    });
  }
  await syncDirectory(fs, folder.undeclaredFolder);
  await syncDirectory(fs, folder.path);
  await journal.append(intents, lock());
  return intents;
}

async function blobsOf(
  { fileSystem, spawn, repository, checkpoints: store }: ImprovementParts,
  changes: readonly Change[],
): Promise<Map<string, Buffer>> {
  if (!repository) return new Map();
  const oids = changes.flatMap(({ before }) => before?.oid ?? []);
  return readBlobs({ fileSystem, spawn, repository, store, oids });
}

interface Staging {
  change: Change;
  witnessed: ReadonlyMap<string, number>;
  blobs: ReadonlyMap<string, Buffer>;
  file: string;
}

/** Null where the bytes were not kept. */
async function stageOne(
  { fileSystem: fs }: ImprovementParts,
  tree: Tree,
  { change: { path, before }, witnessed, blobs, file }: Staging,
): Promise<FileImage | null> {
  if (before === null) return { kind: 'absent' };
  const bytes = blobs.get(before.oid);
  if (bytes === undefined) return null;
  if (before.mode === symbolicLink) {
    await fs.symlink(bytes, file);
  } else {
    await createFileDurably(fs, file, bytes);
    await fs.chmod(file, await permissions(tree, path, before.mode === executable, witnessed.get(path)));
    await fs.syncFile(file);
  }
  return (await readImage(fs, file, path)).image;
}

/** Of a tracked file only git's word is known, whether it is executable: for the rest, what stands there now counts. */
async function permissions(
  tree: Tree,
  path: string,
  isExecutable: boolean,
  witnessed?: number,
): Promise<number> {
  if (witnessed !== undefined) return witnessed;
  const usual = (isExecutable ? 0o777 : 0o666) & ~umask();
  const now = await modeAt(tree, path);
  if (now === null) return usual;
  if (((now & 0o100) !== 0) === isExecutable) return now;
  return isExecutable ? now | ((now & 0o444) >> 2) : now & ~0o111;
}

async function modeAt(tree: Tree, path: string): Promise<number | null> {
  const { parent, name } = await tree.parentOf(path).catch(nowhere);
  const stats = parent && (await lstatOrNull(tree.fs, parent.at(name)));
  return stats?.isFile() ? Number(stats.mode & 0o7777n) : null;
}

/** A folder that will still be one. */
async function anchorOf(tree: Tree, path: string, changed: ReadonlySet<string>): Promise<string> {
  const changedFolder = foldersOf(path).find((folder) => changed.has(folder));
  if (changedFolder !== undefined) return parentPath(changedFolder);
  return (await tree.anchorOf(path).catch(nowhere)).anchor;
}

/** A link or a file stands where a folder was. */
function nowhere(error: unknown): { parent: null; name: string; anchor: string } {
  if (hasCode(error, 'PATH_THROUGH_LINK', 'PATH_INVALID')) return { parent: null, name: '', anchor: '' };
  throw error;
}
