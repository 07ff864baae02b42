import { gitlinkMode, type Candidate } from './candidate.js';
import { captureFile, type Capture } from './capture-file.js';
import { nameToBytes, showName } from './git-name.js';
import { inSmallGroups } from './in-small-groups.js';
import type { Git } from './run-git.js';

/** What the index is to say of a path; null: nothing any more. */
interface Update {
  path: string;
  entry: { mode: string; oid: string } | null;
}

/** Brings the copied index in line with the working tree; what differs is stored. Does nothing where nothing does. */
export async function updateIndex(
  git: Git,
  capture: Capture,
  candidates: readonly Candidate[],
  signal?: AbortSignal,
): Promise<void> {
  const found = await inSmallGroups(candidates, async (candidate) => {
    signal?.throwIfAborted();
    return toUpdate(capture, candidate);
  });
  const updates = found.filter((update) => update !== null);
  if (updates.length === 0) return;
  await git(['update-index', '-z', '--index-info'], { stdin: indexInfo(updates, capture) });
}

async function toUpdate(capture: Capture, candidate: Candidate): Promise<Update | null> {
  const { path, origin, known } = candidate;
  if (refusal(path)) return refuse(capture, path);
  const captured = await captureFile(capture, candidate);
  if (captured.kind === 'content') {
    if (captured.mode === '120000' && isModulesFile(path)) return refuse(capture, path);
    const isSame = origin !== 'unmerged' && captured.mode === known?.mode && captured.oid === known.oid;
    return isSame ? null : { path, entry: captured };
  }
  if (captured.kind === 'special' || captured.kind === 'unreadable') {
    capture.notices.push(`${showName(path)} is not in the checkpoint: ${reasons[captured.kind]}`);
  }
  return withoutContent(candidate, captured.kind);
}

const reasons = { special: 'it is neither a file nor a link', unreadable: 'it cannot be read' };

/** A submodule stays what it is in the index; what is gone from the working tree goes from the tree. */
function withoutContent({ path, origin, known }: Candidate, kind: string): Update | null {
  if (known?.mode === gitlinkMode && (kind === 'absent' || kind === 'directory')) {
    return origin === 'unmerged' ? { path, entry: known } : null;
  }
  const isTracked = origin === 'changed' || origin === 'unmerged';
  return isTracked ? { path, entry: null } : null;
}

/** Names no tree may hold. The first is a repository by itself; git says so with a slash. */
function refusal(path: string): boolean {
  return path.endsWith('/') || path.split('/').some((part) => part.toLowerCase() === '.git');
}

/** As a link it could be used to mislead a later checkout, so git does not take it. */
const isModulesFile = (path: string) => /(?:^|\/)\.gitmodules$/i.test(path);

function refuse({ notices }: Capture, path: string): null {
  const reason = path.endsWith('/') ? 'it is a git repository of its own' : 'git does not take such a name';
  notices.push(`${showName(path)} is not in the checkpoint: ${reason}`);
  return null;
}

/** Removals first: a folder may have taken the place of a file. */
function indexInfo(updates: readonly Update[], { format }: Capture): Buffer {
  const nullOid = '0'.repeat(format === 'sha256' ? 64 : 40);
  const ordered = [
    ...updates.filter(({ entry }) => entry === null),
    ...updates.filter(({ entry }) => entry !== null),
  ];
  return Buffer.concat(
    ordered.map(({ path, entry }) =>
      nameToBytes(`${entry?.mode ?? '0'} ${entry?.oid ?? nullOid}\t${path}\0`),
    ),
  );
}
