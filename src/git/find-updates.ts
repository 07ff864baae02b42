import { gitlinkMode, type Candidate } from './candidate.js';
import { captureFile, type Capture } from './capture-file.js';
import { showName } from './git-name.js';
import { inSmallGroups } from './in-small-groups.js';

/** What a tree must hold at a path, other than the index does; null: nothing. */
export interface Update {
  path: string;
  entry: { mode: string; oid: string } | null;
  /** Of a regular file: all of its mode. */
  permissions?: number;
}

/** Where the working tree differs from the index. What the store needs for that is written; what it lacks is noticed. */
export async function findUpdates(
  capture: Capture,
  candidates: readonly Candidate[],
  signal?: AbortSignal,
): Promise<Update[]> {
  const updates = await inSmallGroups(candidates, async (candidate) => {
    signal?.throwIfAborted();
    return findUpdate(capture, candidate);
  });
  return updates.filter((update) => update !== null);
}

async function findUpdate(capture: Capture, candidate: Candidate): Promise<Update | null> {
  const { path, origin, known } = candidate;
  // Only a repository is listed as a folder.
  if (path.endsWith('/')) return leaveOut(capture, path, 'it is a git repository of its own');
  const captured = await captureFile(capture, candidate);
  switch (captured.kind) {
    case 'content':
      if (origin !== 'unmerged' && captured.mode === known?.mode && captured.oid === known.oid) return null;
      return {
        path,
        entry: { mode: captured.mode, oid: captured.oid },
        ...(captured.permissions !== undefined && { permissions: captured.permissions }),
      };
    case 'absent':
    case 'directory':
      return known?.mode === gitlinkMode ? keepSubmodule(candidate) : withoutEntry(candidate);
    case 'special':
      leaveOut(capture, path, 'it is neither a file nor a link');
      return withoutEntry(candidate);
    case 'unreadable':
      return leaveOut(capture, path, 'it cannot be read');
  }
}

function leaveOut({ notices }: Capture, path: string, reason: string): null {
  notices.push(`${showName(path)} is not in the checkpoint: ${reason}`);
  return null;
}

/** A submodule stays what it is in the index; of a conflict, our side. */
const keepSubmodule = ({ path, origin, known }: Candidate): Update | null =>
  origin === 'unmerged' ? { path, entry: known } : null;

/** What git was told to take for unchanged may be absent on purpose. */
const withoutEntry = ({ path, origin }: Candidate): Update | null =>
  origin === 'changed' || origin === 'unmerged' ? { path, entry: null } : null;
