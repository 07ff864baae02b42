import { applyUpdates } from './apply-updates.js';
import { gitlinkMode } from './candidate.js';
import { captureFile, type Captured } from './capture-file.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { createGit } from './create-git.js';
import { pathToName } from './git-name.js';
import { HashedObjects } from './hashed-objects.js';
import { placeInRepository } from './place-in-repository.js';
import { readHead } from './read-head.js';
import { readTree, type TreeFile } from './read-tree.js';
import type { Witness } from './record-witness.js';
import { surveyTree } from './survey-tree.js';
import { WorkingTree } from './working-tree.js';

export interface WitnessComparison extends CheckpointRequest, Witness {
  /** By the clock of the file system, in nanoseconds since the epoch. */
  startedNs: bigint;
}

export interface WitnessedChange {
  /** From the project root; one character per byte. */
  name: string;
  kind: 'created' | 'modified' | 'deleted';
  /** Null where nothing stood there, unless there is a doubt. */
  before: TreeFile | null;
  /** Why it may be no check's work, or something else may have stood there; null for none. */
  doubt: string | null;
}

/**
 * What differs below the project root from the recorded tree: by path, in order. Ignored files, submodules and
 * repositories inside the project are not looked at.
 *
 * @throws MoultError GIT_MISSING, GIT_FAILED, FILE_UNREADABLE.
 */
export async function compareWithWitness(comparison: WitnessComparison): Promise<WitnessedChange[]> {
  const { fileSystem, spawn, repository, store, root, tree } = comparison;
  const head = await readHead(fileSystem, repository);
  const sink = new HashedObjects(repository.objectFormat);
  const survey = await surveyTree(comparison, { head, sink });
  if (survey.tree === tree) return [];
  const before = await readTree(createGit({ spawn, gitDir: store, cwd: store }), tree);
  const after = new Map(
    applyUpdates(survey.index.entries, survey.updates).map(({ path, mode, oid }) => [path, { mode, oid }]),
  );
  const place = await placeInRepository(fileSystem, repository, root);
  const prefix = place === '' ? '' : `${pathToName(place)}/`;
  const names = differing(before, after).filter(
    (name) => name.startsWith(prefix) && comparison.isLeftOut?.(name) !== true,
  );
  const isOtherHead = head.commit !== comparison.head;
  const areOtherRules = names.some((name) => /(?:^|\/)\.gitignore$/.test(name));
  const changes: WitnessedChange[] = [];
  for (const name of names) {
    const old = before.get(name) ?? null;
    const seen = await lookAt(comparison, name, old);
    if (seen === null) continue;
    const { kind } = seen;
    const doubt = isOtherHead ? otherHead : kind === 'created' && areOtherRules ? otherRules : seen.doubt;
    changes.push({ name: name.slice(prefix.length), kind, before: old, doubt });
  }
  return changes;
}

const otherHead = 'HEAD moved meanwhile: somebody, or a check, worked with git';
const olderFile = 'it is older than the checks: it was moved there, or git could not see it before';
const otherRules = 'a .gitignore changed meanwhile: an ignored file may have stood there';

function differing(before: ReadonlyMap<string, TreeFile>, after: ReadonlyMap<string, TreeFile>): string[] {
  const isOther = (name: string) => {
    const [one, other] = [before.get(name), after.get(name)];
    if (one?.mode === gitlinkMode || other?.mode === gitlinkMode) return false;
    return one?.mode !== other?.mode || one?.oid !== other?.oid;
  };
  return [...new Set([...before.keys(), ...after.keys()])].filter(isOther).sort();
}

/** Trees may differ where files do not: somebody took a file out of the index, or changed what is ignored. */
async function lookAt(
  { fileSystem, repository, startedNs }: WitnessComparison,
  name: string,
  before: TreeFile | null,
): Promise<Pick<WitnessedChange, 'kind' | 'doubt'> | null> {
  const tree = new WorkingTree(fileSystem, repository.topLevel);
  const stats = await tree.lstat(name);
  if (stats === null || (stats.isDirectory() && before !== null))
    return before === null ? null : { kind: 'deleted', doubt: null };
  if (before === null) {
    const { ctimeNs } = await fileSystem.lstat(tree.locate(name), { bigint: true });
    // Files get their times by a clock that ticks every few milliseconds; no check has begun within the first tick.
    return { kind: 'created', doubt: ctimeNs <= startedNs ? olderFile : null };
  }
  const sink = new HashedObjects(repository.objectFormat);
  const notices: string[] = [];
  const captured: Captured = await captureFile(
    { fileSystem, tree, sink, format: repository.objectFormat, leftBytes: 0, notices },
    { path: name, origin: 'untracked', known: null, isOnlyInIndex: false, isLimited: true },
  );
  const isSame = captured.kind === 'content' && captured.mode === before.mode && captured.oid === before.oid;
  return isSame ? null : { kind: 'modified', doubt: null };
}
