import type { Git } from './create-git.js';
import { gitArguments } from './git-arguments.js';

/** A line of `git diff-files --raw` or `git diff-index --raw`. */
export interface RawChange {
  path: string;
  oldMode: string;
  newMode: string;
  oldOid: string;
  newOid: string;
}

/** What differs between the index and the working tree, by git's notes on each file: contents may yet be the same. */
export async function listChanged(git: Git, below: readonly string[]): Promise<RawChange[]> {
  return parseRaw(await git(gitArguments('diff-files', [], { paths: below })));
}

/** What differs between a commit and the index. */
export async function listStaged(git: Git, commit: string, below: readonly string[]): Promise<RawChange[]> {
  return parseRaw(await git(gitArguments('diff-index', ['--cached'], { objects: [commit], paths: below })));
}

/** What is neither tracked nor ignored. A repository of its own is listed as `name/`. */
export async function listUntracked(git: Git, below: readonly string[]): Promise<string[]> {
  return splitNames(
    await git(gitArguments('ls-files', ['--others', '--exclude-standard', '-z'], { paths: below })),
  );
}

function parseRaw(output: Buffer): RawChange[] {
  const fields = splitNames(output);
  const changes: RawChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = ''] = (fields[at] as string).slice(1).split(' ');
    changes.push({ path: fields[at + 1] as string, oldMode, newMode, oldOid, newOid });
  }
  return changes;
}

/** The names between NULs. */
function splitNames(output: Buffer): string[] {
  return output.length === 0 ? [] : output.toString('latin1', 0, output.length - 1).split('\0');
}
