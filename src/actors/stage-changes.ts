import { createHash } from 'node:crypto';
import { MoultError } from '../errors/moult-error.js';
import type { FileImage, PlannedPath } from '../plan/plan.js';
import { createFileDurably, syncDirectory } from '../store/durable-file.js';
import type { JournalBody } from '../store/journal.js';
import { missingDirectories, stageDirectory } from '../workspace/created-directories.js';
import { forEachPath } from '../workspace/for-each-path.js';
import { stage } from '../workspace/stage.js';
import { parentPath, Tree } from '../workspace/tree.js';
import { applyFailed } from './apply-failed.js';
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
    afters.push(planned.source === 'editor' ? await askEditor(parts, planned, index) : planned.after);
  }
  if (afters.some((_, index) => parts.plan.paths[index]?.source === 'editor'))
    await syncDirectory(parts.fileSystem, parts.folder.plannedFolder);
  return afters;
}

async function askEditor(
  { fileSystem, plan, folder, editor }: ImprovementParts,
  planned: PlannedPath,
  index: number,
): Promise<FileImage> {
  const change = plan.changes[planned.change ?? -1];
  if (!editor || !change || change.type === 'delete')
    throw new MoultError('EDITOR_MISSING', { paths: [planned.path] });
  const before = planned.before.kind === 'file' ? await fileSystem.readFile(folder.before(index)) : null;
  const answer = await editor.edit({
    taskId: plan.taskId,
    file: planned.path,
    type: change.type,
    description: change.description ?? plan.description,
    before,
  });
  const bytes = contentOf(answer, planned.path);
  await fileSystem.rm(folder.planned(index), { force: true });
  await createFileDurably(fileSystem, folder.planned(index), bytes);
  return {
    kind: 'file',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    mode: modeAfter(change.mode, planned.before),
    sizeBytes: bytes.length,
  };
}

function contentOf(answer: unknown, path: string): Uint8Array {
  const content = (answer as { content?: unknown } | null | undefined)?.content;
  if (typeof content === 'string') return Buffer.from(content, 'utf8');
  if (content instanceof Uint8Array) return content;
  throw new MoultError('EDITOR_CONTENT_INVALID', { path, reason: 'it holds no content' });
}

function modeAfter(mode: string | undefined, before: FileImage): number {
  if (mode !== undefined) return Number.parseInt(mode, 8);
  return before.kind === 'file' ? before.mode : 0o644;
}
