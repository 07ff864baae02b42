import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';
import { readImage, sameImage } from '../../../src/workspace/read-image.js';
import { parentPath, Tree } from '../../../src/workspace/tree.js';
import { tempFolder } from '../store/support/temp-folder.js';

const use = <Result>(root: string, work: (tree: Tree) => Promise<Result>) =>
  Tree.use(nodeFileSystem, root, work);

describe('a tree', () => {
  test('opens directories, and answers null for what is missing', async () => {
    const root = tempFolder();
    fs.mkdirSync(path.join(root, 'a/b'), { recursive: true });
    fs.writeFileSync(path.join(root, 'a/b/file'), 'x');
    await use(root, async (tree) => {
      expect(fs.readFileSync((await tree.directory('a/b'))?.at('file') ?? '', 'utf8')).toBe('x');
      expect(await tree.directory('')).not.toBeNull();
      expect(await tree.directory('a/none/c')).toBeNull();
      expect((await tree.anchorOf('a/none/c/file')).anchor).toBe('a');
      expect((await tree.anchorOf('file')).anchor).toBe('');
      expect(await tree.directory('a')).toBe(await tree.directory('a'));
    });
  });

  test('refuses links on the way, the last component included, and names the link', async () => {
    const root = tempFolder();
    fs.mkdirSync(path.join(root, 'real/sub'), { recursive: true });
    fs.symlinkSync('real', path.join(root, 'link'));
    fs.symlinkSync('/tmp', path.join(root, 'out'));
    fs.symlinkSync('nowhere', path.join(root, 'broken'));
    await use(root, async (tree) => {
      for (const [place, link] of [
        ['link', 'link'],
        ['link/sub', 'link'],
        ['out', 'out'],
        ['broken/x', 'broken'],
      ])
        await expect(tree.directory(place as string)).rejects.toMatchObject({
          code: 'PATH_THROUGH_LINK',
          details: { link },
        });
    });
  });

  test('refuses a file on the way', async () => {
    const root = tempFolder();
    fs.writeFileSync(path.join(root, 'file'), '');
    await use(root, async (tree) => {
      for (const place of ['file', 'file/below'])
        await expect(tree.directory(place)).rejects.toMatchObject({ code: 'PATH_INVALID' });
    });
  });

  test.runIf(process.platform === 'linux')(
    'P7: a directory that is replaced by a link after it was opened leads nowhere else',
    async () => {
      const root = tempFolder();
      const elsewhere = tempFolder();
      fs.mkdirSync(path.join(root, 'a'));
      await use(root, async (tree) => {
        const handle = await tree.directory('a');
        fs.renameSync(path.join(root, 'a'), path.join(root, 'moved'));
        fs.symlinkSync(elsewhere, path.join(root, 'a'));
        fs.writeFileSync(handle?.at('file') ?? '', 'x');
      });
      expect(fs.readdirSync(elsewhere)).toEqual([]);
      expect(fs.readdirSync(path.join(root, 'moved'))).toEqual(['file']);
    },
  );

  test.runIf(process.platform === 'linux')('leaves no descriptor open, whatever is thrown', async () => {
    const root = tempFolder();
    fs.mkdirSync(path.join(root, 'a/b/c'), { recursive: true });
    fs.symlinkSync('a', path.join(root, 'link'));
    const open = () =>
      fs.readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith(root);
        } catch {
          return false;
        }
      });
    await use(root, async (tree) => {
      await Promise.all(
        ['a', 'a/b', 'a/b/c', 'a/b/c', 'a/b', 'none/x'].map((place) => tree.directory(place)),
      );
      await tree.sync();
      await expect(tree.directory('link/b')).rejects.toThrow();
      throw new Error('work failed');
    }).catch(() => undefined);
    expect(open()).toEqual([]);
  });

  test('parentPath', () => {
    expect(['a', 'a/b', 'a/b/c'].map(parentPath)).toEqual(['', 'a', 'a/b']);
  });
});

describe('readImage', () => {
  const image = async (file: string) => (await readImage(nodeFileSystem, file, 'name')).image;

  test('tells nothing, a file, an empty file, a link and a broken link apart', async () => {
    const root = tempFolder();
    fs.writeFileSync(path.join(root, 'file'), 'x', { mode: 0o600 });
    fs.writeFileSync(path.join(root, 'empty'), '');
    fs.symlinkSync('file', path.join(root, 'link'));
    fs.symlinkSync('nowhere', path.join(root, 'broken'));
    expect(await image(path.join(root, 'none'))).toEqual({ kind: 'absent' });
    expect(await image(path.join(root, 'file'))).toMatchObject({ kind: 'file', mode: 0o600, sizeBytes: 1 });
    expect(await image(path.join(root, 'empty'))).toMatchObject({
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      sizeBytes: 0,
    });
    expect(await image(path.join(root, 'link'))).toEqual({ kind: 'symlink', target: 'file' });
    expect(await image(path.join(root, 'broken'))).toEqual({ kind: 'symlink', target: 'nowhere' });
  });

  test('hashes a file of several chunks, and one that grows', async () => {
    const root = tempFolder();
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 17, 'abc');
    fs.writeFileSync(path.join(root, 'large'), bytes);
    const { createHash } = await import('node:crypto');
    expect(await image(path.join(root, 'large'))).toMatchObject({
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  test('refuses directories and special files, and a FIFO does not block it', async () => {
    const root = tempFolder();
    execFileSync('mkfifo', [path.join(root, 'fifo')]);
    await expect(image(root)).rejects.toMatchObject({
      code: 'PATH_NOT_A_FILE',
      details: { path: 'name', kind: 'directory' },
    });
    await expect(image(path.join(root, 'fifo'))).rejects.toMatchObject({
      code: 'PATH_NOT_A_FILE',
      details: { kind: 'FIFO' },
    });
    await expect(image('/dev/null')).rejects.toMatchObject({
      code: 'PATH_NOT_A_FILE',
      details: { kind: 'device' },
    });
  });

  test('sameImage looks at bytes, mode, target and kind', () => {
    const file = { kind: 'file', sha256: 'a', mode: 0o644, sizeBytes: 1 } as const;
    const link = { kind: 'symlink', target: 'x' } as const;
    const absent = { kind: 'absent' } as const;
    expect(sameImage(file, { ...file })).toBe(true);
    expect(sameImage(file, { ...file, mode: 0o600 })).toBe(false);
    expect(sameImage(file, { ...file, sha256: 'b' })).toBe(false);
    expect(sameImage(link, { ...link, target: 'y' })).toBe(false);
    expect([sameImage(file, link), sameImage(link, absent), sameImage(absent, absent)]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
