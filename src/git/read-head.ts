import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import type { Repository } from './find-repository.js';
import { readIfPresent } from './read-if-present.js';
import { oidPattern } from './git-object.js';

/** What the user's HEAD names. */
export interface Head {
  /** Null where there is no commit yet, or where it cannot be told from files (`isReadable` is then false). */
  commit: string | null;
  isReadable: boolean;
}

const longestChain = 5;
/** Follows HEAD through the files of the repository, without starting git. */
export async function readHead(
  fileSystem: Pick<FileSystem, 'readFile'>,
  repository: Repository,
): Promise<Head> {
  let name = 'HEAD';
  for (let step = 0; step < longestChain; step += 1) {
    const value = await readRef(fileSystem, repository, name);
    if (value === null) return { commit: null, isReadable: !isPlaceholder(name) };
    if (oidPattern.test(value)) return { commit: value, isReadable: true };
    if (!value.startsWith('ref: ')) break;
    name = value.slice('ref: '.length).trim();
  }
  return { commit: null, isReadable: false };
}

/** What stands in HEAD where branches are kept in a format of their own (reftable). */
const isPlaceholder = (name: string) => name === 'refs/heads/.invalid';

async function readRef(
  fileSystem: Pick<FileSystem, 'readFile'>,
  { gitDir, commonDir }: Repository,
  name: string,
): Promise<string | null> {
  const own = await readIfPresent(fileSystem, path.join(gitDir, name));
  const loose = own ?? (await readIfPresent(fileSystem, path.join(commonDir, name)));
  if (loose !== null) return loose.toString('utf8').trim();
  const packed = await readIfPresent(fileSystem, path.join(commonDir, 'packed-refs'));
  const line = packed
    ?.toString('utf8')
    .split('\n')
    .find((each) => each.endsWith(` ${name}`));
  return line?.slice(0, line.indexOf(' ')) ?? null;
}
