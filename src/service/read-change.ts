import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { FileImage, PlannedPath } from '../plan/plan.js';
import { TaskFolder } from '../store/task-folder.js';

/** One side of a change. `bytes` is null where they are not kept any more, or not known yet. */
export type Side =
  | { kind: 'absent' }
  | { kind: 'symlink'; target: string }
  | { kind: 'file'; mode: number; sizeBytes: number; sha256: string; bytes: Buffer | null }
  | { kind: 'unknown' };

export interface ChangeSides {
  before: Side;
  after: Side;
}

interface Place {
  /** The folder of the improvement, absolute. */
  folder: string;
  /** The project root of the improvement, absolute. */
  root: string;
}

/**
 * The bytes before and after a planned change. Old ones are let go of when an improvement is taken back; the file itself
 * then has them.
 */
export async function readChange(
  { folder, root }: Place,
  planned: PlannedPath,
  index: number,
): Promise<ChangeSides> {
  const task = new TaskFolder(folder);
  const inProject = path.join(root, planned.path);
  const before = await sideOf(planned.before, [task.before(index), inProject]);
  if (planned.after === null)
    return { before, after: planned.source === 'editor' ? { kind: 'unknown' } : before };
  if (planned.source === 'before' && before.kind === 'file' && planned.after.kind === 'file')
    return { before, after: { ...before, mode: planned.after.mode } };
  return { before, after: await sideOf(planned.after, [task.planned(index), inProject]) };
}

async function sideOf(image: FileImage, places: readonly string[]): Promise<Side> {
  if (image.kind !== 'file') return image;
  const { mode, sizeBytes, sha256 } = image;
  for (const place of places) {
    const bytes = await readIfPresent(place);
    // A before-image is a link to the file as it was: somebody may have written into it.
    if (bytes && createHash('sha256').update(bytes).digest('hex') === sha256)
      return { kind: 'file', mode, sizeBytes, sha256, bytes };
  }
  return { kind: 'file', mode, sizeBytes, sha256, bytes: null };
}

async function readIfPresent(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EACCES'].includes(code ?? '')) return null;
    throw error;
  }
}
