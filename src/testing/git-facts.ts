import { readFile, readlink } from 'node:fs/promises';
import * as path from 'node:path';
import { decodeName } from './decode-name.js';
import { hashFile } from './hash-file.js';
import { isGitDirectory } from './is-git-directory.js';
import { packedRefs } from './packed-refs.js';
import { stashEntries } from './stash-entries.js';
import { walk, type Visit } from './walk.js';

const longestTextBytes = 256;
const objectFile = /(^|\/)objects\/([0-9a-f]{2}\/[0-9a-f]+|pack\/pack-[0-9a-f]+\.\w+)$/;

/**
 * What lies in one git directory, file by file: short texts as they are, others by hash, objects by name and size.
 * Refs are listed one by one wherever git keeps them, and so are stashes.
 *
 * @param leaveOut a directory below it that is not looked into.
 */
export async function gitFacts(directory: string, leaveOut?: string): Promise<Record<string, string>> {
  const facts = new Map<string, string>();
  await walk(Buffer.from(directory), async (found) => {
    if (await isLeftOut(found, leaveOut)) return false;
    // A loose ref is visited later, under its own name, and wins over a packed one.
    for (const [name, fact] of Object.entries(await listedIn(found))) facts.set(name, fact);
    const fact = await factOf(found);
    if (fact !== null) facts.set(found.path, fact);
    return true;
  });
  return Object.fromEntries(facts);
}

/** The state directory is no part of the user's repository; a branch of that name is. */
async function isLeftOut({ file, path: name, stats }: Visit, leaveOut?: string): Promise<boolean> {
  if (!stats.isDirectory()) return false;
  if (leaveOut !== undefined && file.equals(Buffer.from(leaveOut))) return true;
  return path.posix.basename(name) === 'moult' && isGitDirectory(path.dirname(file.toString()));
}

async function listedIn({ file, path: name }: Visit): Promise<Record<string, string>> {
  if (name === 'packed-refs') return packedRefs(await readFile(file, 'utf8'));
  if (name === 'logs/refs/stash') return stashEntries(await readFile(file, 'utf8'));
  return {};
}

async function factOf({ file, path: name, stats }: Visit): Promise<string | null> {
  if (stats.isDirectory()) return name === '' || /(^|\/)objects\//.test(name) ? null : 'directory';
  if (stats.isSymbolicLink()) return `-> ${decodeName(await readlink(file, { encoding: 'buffer' }))}`;
  if (!stats.isFile()) return 'special file';
  if (objectFile.test(name)) return `object of ${stats.size} bytes`;
  const content = stats.size > longestTextBytes ? null : shortText(await readFile(file));
  return `${content ?? `sha256:${await hashFile(file)}`}${stats.mode & 0o111n ? ' (executable)' : ''}`;
}

/** The text of a file that a person can read at a glance, without its last line end. */
function shortText(bytes: Buffer): string | null {
  const text = decodeName(bytes).replace(/\n$/, '');
  return /[\p{Cc}\p{Cs}]/u.test(text.replaceAll('\n', ' ')) ? null : text;
}
