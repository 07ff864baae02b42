import { hasCode } from '../errors/has-code.js';
import { compareWithWitness, type WitnessedChange } from '../git/compare-with-witness.js';
import type { Repository } from '../git/find-repository.js';
import { nameToBytes } from '../git/git-name.js';
import type { Journal, JournalBody } from '../store/journal.js';
import type { ImprovementParts } from './improvement-parts.js';
import { leftOutOfWitness } from './left-out-of-witness.js';

type Record = Extract<JournalBody, { type: 'undeclared' }>;

/** What changed outside the plan while the checks ran. */
export interface Undeclared extends Pick<Record, 'changes' | 'more'> {
  /** Why it could not be found out; null where it was. */
  unknown: string | null;
}

/** More are counted, and not put back: a check that writes so many files has a folder that nobody told git to ignore. */
const maxChanges = 10_000;

/**
 * Compares the working tree with how it was before the checks, and writes what differs to the journal. Once after each
 * time that checks ran, also by a process that died since. All processes of the checks have ended.
 *
 * That it cannot be found out keeps no rollback from being done: it is answered, not thrown.
 *
 * @throws LOCK_LOST.
 */
export async function findUndeclared(parts: ImprovementParts): Promise<Undeclared> {
  const { journal, lock, repository, logger } = parts;
  const known = findingsOf(journal);
  if (known !== null) return { changes: known.changes, more: known.more, unknown: null };
  if (!repository)
    return { changes: [], more: 0, unknown: 'the project is not in a git repository any more' };
  try {
    const found = (await compare(parts, repository)).map(toRecord);
    const [changes, more] = [found.slice(0, maxChanges), Math.max(0, found.length - maxChanges)];
    await journal.append([{ type: 'undeclared', changes, more }], lock());
    return { changes, more, unknown: null };
  } catch (error) {
    if (hasCode(error, 'LOCK_LOST')) throw error;
    const unknown = error instanceof Error ? error.message : String(error);
    logger.warn(`[moult] what the checks changed outside the plan could not be found out: ${unknown}`);
    return { changes: [], more: 0, unknown };
  }
}

/** Null where checks ran since, or may have run. */
function findingsOf(journal: Journal): Pick<Record, 'changes' | 'more'> | null {
  const bodies = journal.all().map(({ body }) => body);
  const last = (type: JournalBody['type']) => bodies.findLastIndex((body) => body.type === type);
  const found = journal.of('undeclared').at(-1) ?? null;
  if (last('witness') < 0) return found ?? { changes: [], more: 0 };
  // What is being put back is not looked for again, and what was kept is not looked at any more.
  if (last('undeclared-intent') >= 0 || last('sealed') >= 0) return found ?? { changes: [], more: 0 };
  return last('undeclared') > Math.max(last('witness'), last('resumed')) ? found : null;
}

async function compare(parts: ImprovementParts, repository: Repository): Promise<WitnessedChange[]> {
  const { fileSystem, spawn, root, checkpoints: store, folder, journal } = parts;
  const witness = journal.of('witness').at(-1) as Extract<JournalBody, { type: 'witness' }>;
  return compareWithWitness({
    ...{ fileSystem, spawn, root, repository, store },
    scratch: folder.scratchFolder,
    taskId: folder.taskId,
    isLeftOut: await leftOutOfWitness(parts, repository),
    tree: witness.tree,
    head: witness.head,
    startedNs: BigInt(witness.startedNs),
  });
}

function toRecord({ name, kind, before, doubt }: WitnessedChange): Record['changes'][number] {
  const bytes = nameToBytes(name);
  const path = bytes.toString('utf8');
  const isText = Buffer.from(path, 'utf8').equals(bytes);
  return { path, kind, before, doubt: isText ? doubt : 'its name is not text' };
}
