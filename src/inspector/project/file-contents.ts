import * as path from 'node:path';
import type { Plan, PlannedPath } from '../../plan/plan.js';
import type { ProjectView } from '../../service/project-view.js';
import { readChange, type Side } from '../../service/read-change.js';
import type { TaskFolder } from '../../store/task-folder.js';
import type { FileContents, FileSide } from '../protocol/improvement.js';

/** A longer text is not shown: no browser compares it in good time. */
const longestBytes = 1024 * 1024;

/** What stands at a planned path before and after, as text where it is text. */
export async function fileContents(
  { project, stateDirectory }: ProjectView,
  { folder, plan, index }: { folder: TaskFolder; plan: Plan; index: number },
): Promise<FileContents> {
  const planned = plan.paths[index]!;
  // Without a project there are only the copies in the state directory.
  const root = project ? path.join(project.home, plan.root) : path.join(stateDirectory, 'no-project');
  const { before, after } = isLong(planned)
    ? withoutBytes(planned)
    : await readChange({ folder: folder.path, root }, planned, index);
  return { index, path: planned.path, before: toFileSide(before), after: toFileSide(after) };
}

function isLong({ before, after }: PlannedPath): boolean {
  return [before, after].some((image) => image?.kind === 'file' && image.sizeBytes > longestBytes);
}

function withoutBytes({ before, after }: PlannedPath): { before: Side; after: Side } {
  const side = (image: PlannedPath['after']): Side =>
    image?.kind === 'file' ? { ...image, bytes: null } : (image ?? { kind: 'unknown' });
  return { before: side(before), after: side(after) };
}

function toFileSide(side: Side): FileSide {
  if (side.kind === 'unknown')
    return { kind: 'unknown', why: 'The bytes come when the improvement is executed.' };
  if (side.kind !== 'file') return side;
  const { sizeBytes, sha256, mode, bytes } = side;
  const facts = { sizeBytes, sha256, mode };
  if (sizeBytes > longestBytes) return { kind: 'too_large', ...facts };
  if (bytes === null) return { kind: 'unknown', why: 'The bytes are not kept any more.' };
  const text = textOf(bytes);
  return text === null ? { kind: 'binary', ...facts } : { kind: 'text', text, ...facts };
}

/** Null for what is no UTF-8, or has a zero in it. */
function textOf(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
