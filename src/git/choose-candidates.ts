import { gitlinkMode, type Candidate } from './candidate.js';
import type { RawChange } from './list-changes.js';
import type { GitIndex, IndexEntry } from './parse-index.js';

export interface Findings {
  index: GitIndex;
  changed: readonly RawChange[];
  /** What the index holds and HEAD does not. */
  staged: readonly RawChange[];
  untracked: readonly string[];
  /** Entries that git may have written in another form than they have in the working tree. */
  converted: readonly IndexEntry[];
  isBelowRoot: (path: string) => boolean;
}

/** The paths whose bytes must be looked at, each once. */
export function chooseCandidates(findings: Findings): Candidate[] {
  const candidates = new Map<string, Candidate>();
  const add = (candidate: Candidate) => {
    if (!candidates.has(candidate.path)) candidates.set(candidate.path, candidate);
  };
  const onlyInIndex = new Set(findings.staged.map(({ path }) => path));
  const from = (path: string, rest: Pick<Candidate, 'origin' | 'known'>) =>
    add({ path, isOnlyInIndex: onlyInIndex.has(path), isLimited: false, ...rest });

  // A tree cannot be written while a conflict is left anywhere, so these are taken wherever they lie.
  for (const entry of unmergedEntries(findings.index)) {
    from(entry.path, { origin: 'unmerged', known: entry.mode === gitlink ? knownOf(entry) : null });
  }
  for (const change of findings.changed) from(change.path, { origin: 'changed', known: heldByIndex(change) });
  for (const { path, newMode, newOid } of findings.staged) {
    if (isFileMode(newMode)) from(path, { origin: 'unverified', known: { mode: newMode, oid: newOid } });
  }
  for (const entry of findings.index.entries) {
    if (!findings.isBelowRoot(entry.path)) continue;
    // git is told not to look at submodules, so it does not see what took the place of one.
    if (entry.mode === gitlink) from(entry.path, { origin: 'changed', known: knownOf(entry) });
    else if (entry.assumeUnchanged) from(entry.path, { origin: 'unverified', known: knownOf(entry) });
  }
  for (const entry of findings.converted) {
    const known = knownOf(entry);
    add({ path: entry.path, origin: 'unverified', known, isOnlyInIndex: false, isLimited: true });
  }
  for (const path of findings.untracked) {
    add({ path, origin: 'untracked', known: null, isOnlyInIndex: false, isLimited: true });
  }
  return [...candidates.values()];
}

const gitlink = 0o160000;
const isFileMode = (mode: string) => mode !== gitlinkMode && !/^0*$/.test(mode);
const modeOf = ({ mode }: IndexEntry) => mode.toString(8).padStart(6, '0');
const knownOf = (entry: IndexEntry) => ({ mode: modeOf(entry), oid: entry.oid });

/** Null for a path that is only announced (`git add --intent-to-add`). */
const heldByIndex = ({ oldMode, oldOid }: RawChange) =>
  /^0*$/.test(oldMode) ? null : { mode: oldMode, oid: oldOid };

/** Our side of each conflict, where there is one. */
function unmergedEntries({ entries }: GitIndex): IndexEntry[] {
  const preference = [2, 3, 1];
  const unmerged = entries.filter(({ stage }) => stage > 0);
  return unmerged.sort((a, b) => preference.indexOf(a.stage) - preference.indexOf(b.stage));
}
