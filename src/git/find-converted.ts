import type { RawChange } from './list-changes.js';
import type { ConversionRules } from './conversion-rules.js';
import { nameToBytes } from './git-name.js';
import type { IndexEntry } from './parse-index.js';
import type { Git } from './create-git.js';
import { gitArguments } from './git-arguments.js';

export interface ConversionSearch {
  git: Git;
  rules: ConversionRules;
  entries: readonly IndexEntry[];
  changed: readonly RawChange[];
  isBelowRoot: (path: string) => boolean;
}

const regularFile = 0o100000;
const fileTypeMask = 0o170000;
const unset = new Set(['unspecified', 'unset']);

/**
 * Entries that are unchanged for git, but whose bytes in the working tree may be others than those git keeps: line ends
 * were converted, a filter was applied (LFS), or the kept bytes are not there at all.
 */
export async function findConverted(search: ConversionSearch): Promise<IndexEntry[]> {
  const { git, rules } = search;
  if (!rules.mayResize) return [];
  const entries = unchangedFiles(search);
  if (entries.length === 0) return [];
  const [resized, rewritten] = await Promise.all([
    findResized(git, entries),
    rules.mayRewrite ? findRewritten(git, entries) : new Set<string>(),
  ]);
  return entries.filter((entry) => resized.has(entry) || rewritten.has(entry.path));
}

function unchangedFiles({ entries, changed, isBelowRoot }: ConversionSearch): IndexEntry[] {
  const others = new Set(changed.map(({ path }) => path));
  return entries.filter(
    ({ path, mode, stage, skipWorktree }) =>
      (mode & fileTypeMask) === regularFile &&
      stage === 0 &&
      !skipWorktree &&
      isBelowRoot(path) &&
      !others.has(path),
  );
}

/** By comparing sizes: the index notes that of the file, the object has its own. */
async function findResized(git: Git, entries: readonly IndexEntry[]): Promise<Set<IndexEntry>> {
  const stdin = Buffer.from(`${entries.map(({ oid }) => oid).join('\n')}\n`);
  const output = await git(gitArguments('cat-file', ['--batch-check=%(objectsize)']), { stdin });
  const sizes = output.toString('latin1').split('\n');
  return new Set(entries.filter(({ sizeBytes }, at) => Number(sizes[at]) % 2 ** 32 !== sizeBytes));
}

async function findRewritten(git: Git, entries: readonly IndexEntry[]): Promise<Set<string>> {
  const stdin = nameToBytes(entries.map(({ path }) => `${path}\0`).join(''));
  const attributes = ['filter', 'working-tree-encoding'];
  const output = await git(gitArguments('check-attr', ['-z', '--stdin'], { attributes }), { stdin });
  const fields = output.toString('latin1').split('\0');
  const found = new Set<string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    if (!unset.has(fields[at + 2] as string)) found.add(fields[at] as string);
  }
  return found;
}
