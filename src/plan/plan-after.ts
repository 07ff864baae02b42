import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { PlannedChange } from '../improvement.js';
import { changesWithoutContent } from './changes-without-content.js';
import { newContent } from './new-content.js';
import type { FileImage, PlannedPath } from './plan.js';

export interface PlannedAfter extends Pick<PlannedPath, 'after' | 'source'> {
  /** The new bytes, where the plan holds them. */
  content: Uint8Array | null;
}

interface Situation {
  change: PlannedChange;
  /** The normalised path. */
  path: string;
  before: FileImage;
  /** Reads the file as it is. */
  readBefore: () => Promise<Uint8Array>;
  /** Permission bits that new files do not get. */
  umask: number;
}

/**
 * What a change leaves at its path.
 *
 * @throws FILE_EXISTS, FILE_MISSING, PATH_IS_LINK, and the errors of `newContent`.
 */
export async function planAfter(situation: Situation): Promise<PlannedAfter> {
  const { change, path: file, before } = situation;
  const [lacking] = changesWithoutContent({ changes: [change] });
  // Whether there is a file to modify is asked again when the editor is.
  if (lacking !== undefined && change.type === 'modify' && before.kind === 'absent')
    return { after: null, source: 'editor', content: null };
  refuseWrongType(situation);
  if (change.type === 'delete') return { after: { kind: 'absent' }, source: null, content: null };
  if (change.symlink !== undefined) {
    refuseOutsideTarget(file, change.symlink);
    return { after: { kind: 'symlink', target: change.symlink }, source: 'planned', content: null };
  }
  if (before.kind === 'symlink' && change.mode === undefined) {
    throw new MoultError('PATH_IS_LINK', { path: file, target: before.target });
  }
  if (lacking !== undefined) return { after: null, source: 'editor', content: null };
  return planFile(situation);
}

async function planFile({ change, before, readBefore, umask }: Situation): Promise<PlannedAfter> {
  const mode = modeAfter(change, before, umask);
  if (isModeOnly(change) && before.kind === 'file')
    return { after: { ...before, mode }, source: 'before', content: null };
  const needsBefore = (change.edits ?? change.patch) !== undefined && before.kind === 'file';
  const content = newContent(change, needsBefore ? await readBefore() : null);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { after: { kind: 'file', sha256, mode, sizeBytes: content.length }, source: 'planned', content };
}

/** Permission bits after a change: the given ones, else as they were, else as an editor would create the file. */
function modeAfter({ mode }: PlannedChange, before: FileImage, umask: number): number {
  if (mode !== undefined) return Number.parseInt(mode, 8);
  return before.kind === 'file' ? before.mode : 0o666 & ~umask;
}

function isModeOnly({ content, contentBase64, edits, patch }: PlannedChange): boolean {
  return [content, contentBase64, edits, patch].every((source) => source === undefined);
}

function refuseWrongType({ change: { type }, path: file, before }: Situation): void {
  if (type === 'create' && before.kind !== 'absent') throw new MoultError('FILE_EXISTS', { path: file });
  if (type !== 'create' && before.kind === 'absent')
    throw new MoultError('FILE_MISSING', { path: file, type });
}

/** A link that leads outside would let the next reader or writer of the path leave the project. */
function refuseOutsideTarget(file: string, target: string): void {
  const reason =
    path.posix.isAbsolute(target) || /^[a-z]:|\\/i.test(target) ? 'is absolute' : leadsOutside(file, target);
  if (reason)
    throw new MoultError('PATH_INVALID', {
      path: file,
      reason: `its link target ${JSON.stringify(target)} ${reason}`,
    });
}

function leadsOutside(file: string, target: string): string | null {
  const resolved = path.posix.join(path.posix.dirname(file), target);
  return resolved === '..' || resolved.startsWith('../') ? 'leads outside the project' : null;
}
