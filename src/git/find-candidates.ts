import type { Candidate } from './candidate.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { chooseCandidates } from './choose-candidates.js';
import { readConversionRules } from './conversion-rules.js';
import { findConverted } from './find-converted.js';
import { pathToName } from './git-name.js';
import { listChanged, listStaged, listUntracked, type RawChange } from './list-changes.js';
import type { GitIndex, IndexEntry } from './parse-index.js';
import { placeInRepository } from './place-in-repository.js';
import type { Head } from './read-head.js';
import type { Git } from './create-git.js';

export interface CandidateSearch {
  git: Git;
  readCopy: () => Promise<GitIndex>;
  head: Head;
}

export interface FoundCandidates {
  index: GitIndex;
  candidates: Candidate[];
}

const fileTypeMask = 0o170000;
const gitlinkOrFolder = new Set([0o160000, 0o040000]);

/** The paths below the project root whose bytes may differ from what the copied index holds. */
export async function findCandidates(
  { fileSystem, repository, root }: CheckpointRequest,
  { git, readCopy, head }: CandidateSearch,
): Promise<FoundCandidates> {
  const place = await placeInRepository(fileSystem, repository, root);
  const below = place === '' ? [] : [place];
  const prefix = place === '' ? '' : `${pathToName(place)}/`;
  const isBelowRoot = (path: string) => path.startsWith(prefix);
  // The index is read while git is at work, which takes longer.
  const [changed, untracked, { index, staged }] = await Promise.all([
    listChanged(git, below),
    listUntracked(git, below),
    readCopy().then(async (index) => {
      return { index, staged: await listOnlyInIndex({ git, index, head }, below, isBelowRoot) };
    }),
  ]);
  const attributeNames = [...index.entries.map(({ path }) => path), ...untracked].filter(isAttributesFile);
  const rules = await readConversionRules(fileSystem, repository, attributeNames);
  const converted = await findConverted({ git, rules, entries: index.entries, changed, isBelowRoot });
  const candidates = chooseCandidates({ index, changed, staged, untracked, converted, isBelowRoot });
  return { index, candidates };
}

const isAttributesFile = (path: string) => path === '.gitattributes' || path.endsWith('/.gitattributes');

/** Nothing, where git has written the index as a tree since something was staged; everything, before the first commit. */
async function listOnlyInIndex(
  { git, index, head }: { git: Git; index: GitIndex; head: Head },
  below: readonly string[],
  isBelowRoot: (path: string) => boolean,
): Promise<RawChange[]> {
  if (index.trees.has('') || index.entries.length === 0) return [];
  if (head.commit !== null) return listStaged(git, head.commit, below);
  return head.isReadable ? index.entries.filter(({ path }) => isBelowRoot(path)).map(toAddition) : [];
}

function toAddition({ path, mode, oid }: IndexEntry): RawChange {
  const newMode = gitlinkOrFolder.has(mode & fileTypeMask) ? '160000' : mode.toString(8);
  return { path, oldMode: '000000', newMode, oldOid: '', newOid: oid };
}
