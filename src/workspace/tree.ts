import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { DirectoryHandle, FileSystem } from '../ports/file-system.js';
import { lstatOrNull } from './read-image.js';

/**
 * The project's directories, opened without following links and kept open for one step of the work: all names of the
 * step are resolved in directories that were checked.
 */
export class Tree {
  private readonly open = new Map<string, DirectoryHandle>();

  constructor(
    readonly fs: FileSystem,
    /** The real path of the project root. */
    readonly root: string,
  ) {}

  /** Opens a tree for the time `work` takes. */
  static async use<Result>(
    fs: FileSystem,
    root: string,
    work: (tree: Tree) => Promise<Result>,
  ): Promise<Result> {
    const tree = new Tree(fs, root);
    try {
      return await work(tree);
    } finally {
      await tree.close();
    }
  }

  /**
   * The directory at a path relative to the root (`''` is the root), or null where it does not exist.
   *
   * @throws PATH_THROUGH_LINK where a component is a link, PATH_INVALID where one is a file.
   */
  async directory(relative: string): Promise<DirectoryHandle | null> {
    const known = this.open.get(relative);
    if (known) return known;
    const handle = await this.openDirectory(relative);
    return handle && (await this.remember(relative, handle));
  }

  /** The directory of a path that must have one. */
  async parentOf(file: string): Promise<{ parent: DirectoryHandle | null; name: string }> {
    return { parent: await this.directory(parentPath(file)), name: path.posix.basename(file) };
  }

  /** The nearest directory above `file` that exists. */
  async anchorOf(file: string): Promise<{ anchor: string; handle: DirectoryHandle }> {
    for (let anchor = parentPath(file); ; anchor = parentPath(anchor)) {
      const handle = await this.directory(anchor);
      if (handle) return { anchor, handle };
      if (anchor === '')
        throw new MoultError('NOT_A_PROJECT', { root: this.root, reason: 'it does not exist' });
    }
  }

  /** Makes every creation, rename and removal so far survive a power loss. */
  async sync(): Promise<void> {
    await Promise.all([...this.open.values()].map((handle) => handle.sync()));
  }

  async close(): Promise<void> {
    const handles = [...this.open.values()];
    this.open.clear();
    await Promise.all(handles.map((handle) => handle.close()));
  }

  private async remember(relative: string, handle: DirectoryHandle): Promise<DirectoryHandle> {
    const first = this.open.get(relative);
    if (!first) {
      this.open.set(relative, handle);
      return handle;
    }
    await handle.close();
    return first;
  }

  private async openDirectory(relative: string): Promise<DirectoryHandle | null> {
    const segments = relative === '' ? [] : relative.split('/');
    try {
      return await this.fs.openDirectory(this.root, segments);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      if (code === 'ELOOP' || code === 'ENOTDIR') throw await this.explain(segments, error);
      throw error;
    }
  }

  private async explain(segments: readonly string[], cause: unknown): Promise<Error> {
    for (let depth = 1; depth <= segments.length; depth += 1) {
      const part = segments.slice(0, depth).join('/');
      const stats = await lstatOrNull(this.fs, path.join(this.root, part));
      if (stats === null) break;
      if (stats.isSymbolicLink())
        return new MoultError('PATH_THROUGH_LINK', { path: segments.join('/'), link: part }, { cause });
      if (!stats.isDirectory()) {
        return new MoultError(
          'PATH_INVALID',
          { path: segments.join('/'), reason: `${part} is not a directory` },
          { cause },
        );
      }
    }
    const reason = 'one of its folders was replaced while it was opened';
    return new MoultError('PATH_INVALID', { path: segments.join('/'), reason }, { cause });
  }
}

/** `''` for the root and for what lies directly in it. */
export function parentPath(file: string): string {
  const parent = path.posix.dirname(file);
  return parent === '.' ? '' : parent;
}
