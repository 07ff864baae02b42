import type { FileImage, PlannedPath } from './plan.js';

export type ChangeKind = 'create' | 'modify' | 'delete' | 'mode' | 'edit' | 'none';

/** What becomes of a path; `edit` where an editor decides, `none` where nothing does. */
export function changeKind({ before, after, source }: PlannedPath): ChangeKind {
  if (source === 'editor') return 'edit';
  if (after === null || sameImages(before, after)) return 'none';
  if (before.kind === 'absent') return 'create';
  if (after.kind === 'absent') return 'delete';
  return source === 'before' ? 'mode' : 'modify';
}

function sameImages(one: FileImage, other: FileImage): boolean {
  if (one.kind === 'file' && other.kind === 'file')
    return one.sha256 === other.sha256 && one.mode === other.mode;
  if (one.kind === 'symlink' && other.kind === 'symlink') return one.target === other.target;
  return one.kind === other.kind;
}
