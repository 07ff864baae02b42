import type { Stats } from 'node:fs';
import type { FileSystem } from '../ports/file-system.js';
import { nameToBytes } from './git-name.js';
import { hasCode } from '../errors/has-code.js';

/** The user's files, by their names in git. Looks at them and never through a symbolic link. */
export class WorkingTree {
  readonly #directories = new Map<string, Promise<boolean>>();
  readonly #top: Buffer;

  constructor(
    private readonly fileSystem: Pick<FileSystem, 'lstat'>,
    /** Absolute. */
    topLevel: string,
  ) {
    this.#top = Buffer.from(topLevel.endsWith('/') ? topLevel : `${topLevel}/`);
  }

  /** The path of a name, as bytes: a name need not be text. */
  locate(name: string): Buffer {
    return Buffer.concat([this.#top, nameToBytes(name)]);
  }

  /** Null where nothing is at the name, or where the way to it leads through a link: then it is another place's file. */
  async lstat(name: string): Promise<Stats | null> {
    const slash = name.lastIndexOf('/');
    if (slash > 0 && !(await this.#isDirectory(name.slice(0, slash)))) return null;
    return this.#lstat(name);
  }

  #isDirectory(name: string): Promise<boolean> {
    let answer = this.#directories.get(name);
    if (answer === undefined) {
      answer = this.lstat(name).then((stats) => stats?.isDirectory() ?? false);
      this.#directories.set(name, answer);
    }
    return answer;
  }

  async #lstat(name: string): Promise<Stats | null> {
    try {
      return await this.fileSystem.lstat(this.locate(name));
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
      throw error;
    }
  }
}
