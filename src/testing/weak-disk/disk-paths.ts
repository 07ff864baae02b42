import * as path from 'node:path';
import type { DirectoryHandle } from '../../ports/file-system.js';
import { diskError } from './disk-error.js';
import type { DiskMemory } from './disk-memory.js';
import { diskDevice } from './disk-stats.js';
import type { Inode } from './inode.js';

/** Where open directories are found, as below `/proc/self/fd`. */
const handlesFolder = '/.handles/';
const maxLinks = 16;

/** What a path leads to: a name in a directory, and what it stands for. */
export interface Place {
  parent: Inode;
  name: string;
  inode: Inode | null;
}

/** Finds what paths of a disk lead to, and changes names. */
export class DiskPaths {
  private readonly handles = new Map<number, Inode>();
  private nextHandle = 1;

  constructor(
    protected readonly disk: DiskMemory,
    /** Whether the process that makes the calls still is. */
    private readonly isAlive: () => boolean,
  ) {}

  protected begin(call: string, file: string): boolean {
    return this.disk.begin(call, (code) => diskError(code, call, file));
  }

  protected requireAlive(call: string): void {
    if (!this.isAlive()) throw diskError('EIO', call, 'the process is gone');
  }

  protected handleOf(inode: Inode): DirectoryHandle {
    const number = this.nextHandle;
    this.nextHandle += 1;
    this.handles.set(number, inode);
    return {
      device: diskDevice,
      at: (name) => path.posix.join(`${handlesFolder}${number}`, name),
      // eslint-disable-next-line @typescript-eslint/require-await -- async, so that an exception becomes a rejection
      sync: async () => {
        this.requireAlive('fsync');
        this.begin('fsync', handlesFolder);
        this.disk.flushNames();
      },
      close: () => Promise.resolve(void this.handles.delete(number)),
    };
  }

  protected put(parent: Inode, name: string, inode: Inode): void {
    parent.entries.set(name, inode);
    inode.links += 1;
    this.disk.record(() => {
      parent.entries.delete(name);
      inode.links -= 1;
    });
  }

  protected take(parent: Inode, name: string, inode: Inode): void {
    parent.entries.delete(name);
    inode.links -= 1;
    this.disk.record(() => {
      parent.entries.set(name, inode);
      inode.links += 1;
    });
  }

  protected file(file: string, follow: boolean, call: string): Inode {
    const inode = this.find(file, follow, call);
    if (inode.kind === 'directory') throw diskError('EISDIR', call, file);
    if (inode.kind === 'symlink') throw diskError('ELOOP', call, file);
    return inode;
  }

  protected directory(file: string, call: string): Inode {
    const inode = this.find(file, true, call);
    if (inode.kind !== 'directory') throw diskError('ENOTDIR', call, file);
    return inode;
  }

  protected find(file: string, follow: boolean, call: string): Inode {
    const { inode } = this.lookUp(file, follow, call);
    if (inode === null) throw diskError('ENOENT', call, file);
    return inode;
  }

  protected existing(file: string, call: string): Place & { inode: Inode } {
    const place = this.lookUp(file, false, call);
    if (place.inode === null) throw diskError('ENOENT', call, file);
    return { ...place, inode: place.inode };
  }

  protected lookUp(file: string, follow: boolean, call: string, makeParents = false, links = 0): Place {
    const { start, names } = this.startOf(file, call);
    let parent = start;
    for (const name of names.slice(0, -1)) {
      const next = this.enter(parent, name, { file, call, makeParents, links });
      parent = next;
    }
    const name = names.at(-1);
    if (name === undefined) return { parent, name: '', inode: parent };
    const inode = parent.entries.get(name) ?? null;
    if (!follow || inode?.kind !== 'symlink') return { parent, name, inode };
    if (links > maxLinks) throw diskError('ELOOP', call, file);
    const target = path.posix.resolve(path.posix.dirname(file), inode.target);
    return this.lookUp(target, true, call, false, links + 1);
  }

  private enter(
    parent: Inode,
    name: string,
    { file, call, makeParents, links }: { file: string; call: string; makeParents: boolean; links: number },
  ): Inode {
    const next = parent.entries.get(name);
    if (next?.kind === 'directory') return next;
    if (next?.kind === 'symlink') {
      const above = file.slice(0, file.indexOf(`/${name}/`)) || '/';
      return this.followInto(path.posix.resolve(above, next.target), call, links);
    }
    if (next) throw diskError('ENOTDIR', call, file);
    if (!makeParents) throw diskError('ENOENT', call, file);
    this.begin(call, file);
    const made = this.disk.make('directory', 0o755);
    this.put(parent, name, made);
    return made;
  }

  private followInto(target: string, call: string, links: number): Inode {
    if (links > maxLinks) throw diskError('ELOOP', call, target);
    const { inode } = this.lookUp(target, true, call, false, links + 1);
    if (inode?.kind !== 'directory') throw diskError(inode ? 'ENOTDIR' : 'ENOENT', call, target);
    return inode;
  }

  private startOf(file: string, call: string): { start: Inode; names: string[] } {
    const names = path.posix.normalize(file).split('/').filter(Boolean);
    if (!file.startsWith(handlesFolder)) return { start: this.disk.root, names };
    const inode = this.handles.get(Number(names[1]));
    if (!inode) throw diskError('EBADF', call, file);
    return { start: inode, names: names.slice(2) };
  }
}
