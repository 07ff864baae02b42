import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, rename, rm, rmdir, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffManifests, manifest, tempRepository } from '../../../src/testing/index.js';
import type { ManifestOptions, TempRepository } from '../../../src/testing/index.js';

let repository: TempRepository;
beforeAll(async () => {
  repository = await tempRepository({ merge: true });
});
afterAll(() => repository.remove());

const at = (...names: string[]) => path.join(repository.root, ...names);

async function linesAfter(change: () => unknown, options?: ManifestOptions): Promise<string[]> {
  const before = await manifest(repository.root, options);
  await change();
  return diffManifests(before, await manifest(repository.root, options));
}

/** The paths of the lines, in their order. */
async function pathsAfter(change: () => unknown): Promise<string[]> {
  return (await linesAfter(change)).map((line) => line.slice(0, line.indexOf(': ')));
}

const missingFrom = (lines: string[], expected: string[]) =>
  expected.filter((item) => !lines.some((line) => line === item || line.startsWith(`${item}: `)));

describe('two manifests of a directory that nobody touched', () => {
  it('do not differ, not even in times', async () => {
    expect(await linesAfter(() => undefined, { times: true })).toEqual([]);
  });

  it('do not differ after one went through JSON', async () => {
    const taken = await manifest(repository.root, { times: true });
    const read = JSON.parse(JSON.stringify(taken)) as typeof taken;
    expect(read).toEqual(taken);
    expect(diffManifests(taken, read)).toEqual([]);
  });

  it('do not differ after git looked at it without writing', async () => {
    expect(await linesAfter(() => repository.git(['--no-optional-locks', 'status']))).toEqual([]);
  });
});

describe('in the files, a difference is found', () => {
  it('in one byte of the same length', async () => {
    const lines = await linesAfter(() => writeFile(at('src/a.ts'), 'export const a = 2;\n'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^src\/a\.ts: sha256 [0-9a-f]{64} -> [0-9a-f]{64}$/);
  });

  it('in the length', async () => {
    const lines = await linesAfter(() => writeFile(at('empty.txt'), 'not any more'));
    expect(lines[0]).toMatch(/^empty\.txt: sizeBytes 0 -> 12, sha256 /);
  });

  it('in a line end or a byte order mark', async () => {
    expect(await pathsAfter(() => writeFile(at('crlf.txt'), 'first\nsecond\r\nno end'))).toEqual([
      'crlf.txt',
    ]);
    const text = 'with a byte order mark\n';
    expect(await pathsAfter(() => writeFile(at('bom.txt'), text))).toEqual(['bom.txt']);
  });

  it('in the mode of a file, a directory and the directory itself', async () => {
    expect(await linesAfter(() => chmod(at('script.sh'), 0o644))).toEqual(['script.sh: mode 0755 -> 0644']);
    await chmod(at('src'), 0o755);
    expect(await linesAfter(() => chmod(at('src'), 0o700))).toEqual(['src: mode 0755 -> 0700']);
    await chmod(at('.'), 0o755);
    expect(await linesAfter(() => chmod(at('.'), 0o711))).toEqual(['.: mode 0755 -> 0711']);
    await chmod(at('.'), 0o755);
  });

  it('in the set-user-id bit', async () => {
    expect(await linesAfter(() => chmod(at('script.sh'), 0o4644))).toEqual(['script.sh: mode 0644 -> 4644']);
  });

  it('in the type: a link with the same content, a directory in place of a file', async () => {
    const toLink = async () => {
      await rename(at('src/b.ts'), at('elsewhere.ts'));
      await symlink('../elsewhere.ts', at('src/b.ts'));
    };
    const lines = await linesAfter(toLink);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^elsewhere\.ts: added \(file, /);
    expect(lines[1]).toMatch(/^src\/b\.ts: type file -> symlink,.*target none -> \.\.\/elsewhere\.ts/);
    const toDirectory = async () => {
      await unlink(at('empty.txt'));
      await mkdir(at('empty.txt'));
    };
    expect((await linesAfter(toDirectory))[0]).toMatch(/^empty\.txt: type file -> directory/);
  });

  it('in the target of a link, also of one that leads nowhere', async () => {
    const redirect = async () => {
      await unlink(at('link-to-a.ts'));
      await symlink('nowhere', at('link-to-a.ts'));
    };
    expect((await linesAfter(redirect))[0]).toMatch(/^link-to-a\.ts: .*target src\/a\.ts -> nowhere/);
  });

  it('in the count of hard links', async () => {
    const outside = path.join(repository.root, '..', 'second-name');
    expect(await linesAfter(() => link(at('added.ts'), outside))).toEqual(['added.ts: links 1 -> 2']);
  });

  it('when a file comes or goes, ignored or not', async () => {
    const lines = await linesAfter(() => rm(at('ignored.log')));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^ignored\.log: removed \(file, mode 0\d{3}, links 1, sizeBytes 6, sha256 /);
    expect(await pathsAfter(() => writeFile(at('untracked folder/new'), ''))).toEqual([
      'untracked folder/new',
    ]);
  });

  it('when an empty directory comes or goes', async () => {
    expect(await pathsAfter(() => rmdir(at('empty folder')))).toEqual(['empty folder']);
    expect((await linesAfter(() => mkdir(at('void'), 0o755)))[0]).toMatch(/^void: added \(directory, mode 0/);
  });

  it('in the modification time, when times are asked for and only then', async () => {
    const touch = () => utimes(at('src/a.ts'), 1, new Date());
    expect(await linesAfter(touch)).toEqual([]);
    const touchAgain = () => utimes(at('src/a.ts'), 1, 2);
    const lines = await linesAfter(touchAgain, { times: true });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^src\/a\.ts: modifiedNs \d+ -> 2000000000$/);
  });

  it.runIf(process.platform === 'linux')('between names that are not UTF-8', async () => {
    const name = (byte: number) =>
      Buffer.concat([Buffer.from(`${repository.root}/`), Buffer.from([0x78, byte])]);
    const lines = await linesAfter(async () => {
      await writeFile(name(0xe9), '');
      await writeFile(name(0xea), '');
      await writeFile(at('x\u00e9'), '');
    });
    expect(lines.map((line) => line.split(': ')[0])).toEqual(['xé', '"x\\udce9"', '"x\\udcea"']);
    const rewrite = await linesAfter(() => writeFile(name(0xea), 'more'));
    expect(rewrite[0]).toMatch(/^"x\\udcea": sizeBytes 0 -> 4/);
  });

  it('in names that a line would not show, quoted', async () => {
    const lines = await linesAfter(() => writeFile(at('new\nline.txt'), ''));
    expect(lines[0]).toMatch(/^"new\\nline\.txt": sizeBytes /);
  });

  it('in files called like what every object has', async () => {
    const add = async () => {
      await writeFile(at('constructor'), '');
      await writeFile(at('__proto__'), '');
    };
    expect(await pathsAfter(add)).toEqual(['__proto__', 'constructor']);
    expect(await pathsAfter(() => writeFile(at('__proto__'), 'more'))).toEqual(['__proto__']);
  });

  it.runIf(process.platform !== 'win32')('in a named pipe, without reading it', async () => {
    const lines = await linesAfter(() => execFileSync('mkfifo', ['-m', '600', at('pipe')]));
    expect(lines).toEqual(['pipe: added (fifo, mode 0600, links 1)']);
  });
});

describe('in what git keeps, a difference is found', () => {
  it('in the index', async () => {
    const paths = await pathsAfter(() => repository.git(['reset', '--quiet', 'added.ts']));
    expect(paths).toContain('.git/index');
    expect(paths).not.toContain('added.ts');
  });

  it('in a ref, loose and packed', async () => {
    const created = await linesAfter(() => repository.git(['update-ref', 'refs/tags/mine', 'HEAD']));
    expect(created).toEqual([expect.stringMatching(/^\.git\/refs\/tags\/mine: added \([0-9a-f]{40}\)$/)]);
    await repository.git(['pack-refs', '--all']);
    const moved = await pathsAfter(() => repository.git(['update-ref', '-d', 'refs/tags/mine']));
    expect(missingFrom(moved, ['.git/packed-refs', '.git/refs/tags/mine'])).toEqual([]);
  });

  it('in no ref where refs are only packed, but in the file that holds them', async () => {
    await repository.git(['update-ref', 'refs/tags/other', 'HEAD']);
    const lines = await linesAfter(() => repository.git(['pack-refs', '--all']));
    expect(missingFrom(lines, ['.git/packed-refs'])).toEqual([]);
    expect(missingFrom(lines, ['.git/refs/tags/other'])).toEqual(['.git/refs/tags/other']);
  });

  it('in HEAD, and nothing in the branch it left', async () => {
    const lines = await linesAfter(() => repository.git(['symbolic-ref', 'HEAD', 'refs/heads/feature']));
    expect(lines).toContain('.git/HEAD: ref: refs/heads/main -> ref: refs/heads/feature');
    await repository.git(['symbolic-ref', 'HEAD', 'refs/heads/main']);
    expect(missingFrom(lines, ['.git/refs/heads/main'])).toEqual(['.git/refs/heads/main']);
  });

  it('in the stashes', async () => {
    const { git } = await manifest(repository.root);
    expect(git['.']?.['stash@{0}']).toMatch(/^[0-9a-f]{40} On main: work for later$/);
    const added = await linesAfter(() =>
      repository.git(['stash', 'store', '--message', 'one more', 'stash@{0}^']),
    );
    expect(added.filter((line) => line.startsWith('.git/stash@'))).toEqual([
      expect.stringMatching(
        /^\.git\/stash@\{0\}: [0-9a-f]{40} On main: work for later -> [0-9a-f]{40} one more$/,
      ),
      expect.stringMatching(/^\.git\/stash@\{1\}: added \([0-9a-f]{40} On main: work for later\)$/),
    ]);
    await repository.git(['reflog', 'delete', '--updateref', '--rewrite', 'stash@{0}']);
    const dropped = await linesAfter(() => repository.git(['stash', 'drop', '--quiet']));
    expect(missingFrom(dropped, ['.git/stash@{0}', '.git/refs/stash', '.git/logs/refs/stash'])).toEqual([]);
  });

  it('when an object is added, even one that nothing names', async () => {
    const lines = await linesAfter(() => repository.git(['hash-object', '-w', 'untracked.txt']));
    expect(lines).toEqual([
      expect.stringMatching(/^\.git\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}: added \(object of \d+ bytes\)$/),
    ]);
  });

  it('when packed objects are added', async () => {
    const paths = await pathsAfter(() => repository.git(['repack', '--quiet', '-a', '-d']));
    expect(paths.filter((line) => /objects\/pack\/pack-[0-9a-f]+\.pack$/.test(line))).toHaveLength(1);
  });

  it('in the alternates', async () => {
    const name = '.git/objects/info/alternates';
    expect(await pathsAfter(() => writeFile(at(name), '/elsewhere/objects\n'))).toContain(name);
    await unlink(at(name));
  });

  it('in the merge in progress', async () => {
    const lines = await linesAfter(() => unlink(at('.git/MERGE_HEAD')));
    expect(lines).toEqual([expect.stringMatching(/^\.git\/MERGE_HEAD: removed \([0-9a-f]{40}\)$/)]);
  });

  it('in files that mark a rebase or a cherry-pick', async () => {
    for (const name of ['.git/CHERRY_PICK_HEAD', '.git/rebase-merge/head-name']) {
      await mkdir(path.dirname(at(name)), { recursive: true });
      expect(await linesAfter(() => writeFile(at(name), 'refs/heads/x\n'))).toEqual([
        `${name}: added (refs/heads/x)`,
      ]);
    }
  });

  it('in the configuration and the list of ignored files', async () => {
    expect(await pathsAfter(() => repository.git(['config', 'a.b', 'c']))).toEqual(['.git/config']);
    expect(await pathsAfter(() => writeFile(at('.git/info/exclude'), '*\n'))).toEqual(['.git/info/exclude']);
    await writeFile(at('.git/info/exclude'), '');
  });

  it('in a hook, and in whether it runs', async () => {
    const hook = '.git/hooks/pre-commit';
    await mkdir(at('.git/hooks'), { recursive: true });
    expect(await linesAfter(() => writeFile(at(hook), '#!/bin/sh\n'))).toEqual([
      `${hook}: added (#!/bin/sh)`,
    ]);
    expect(await linesAfter(() => chmod(at(hook), 0o755))).toEqual([
      `${hook}: #!/bin/sh -> #!/bin/sh (executable)`,
    ]);
  });

  it('in a lock file or an empty directory left behind', async () => {
    expect(await pathsAfter(() => writeFile(at('.git/index.lock'), ''))).toEqual(['.git/index.lock']);
    expect(await pathsAfter(() => mkdir(at('.git/residue')))).toEqual(['.git/residue']);
    await unlink(at('.git/index.lock'));
  });

  it("but not in moult's own state directory", async () => {
    const work = async () => {
      await mkdir(at('.git/moult/tasks'), { recursive: true });
      await writeFile(at('.git/moult/tasks/journal'), 'intent');
    };
    expect(await linesAfter(work)).toEqual([]);
  });

  it('in a branch that is called like the state directory', async () => {
    const branch = () => repository.git(['update-ref', 'refs/heads/moult/x', 'HEAD']);
    expect(await pathsAfter(branch)).toContain('.git/refs/heads/moult/x');
    const remote = () => repository.git(['update-ref', 'refs/remotes/origin/moult/x', 'HEAD']);
    await repository.git(['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main']);
    expect(await pathsAfter(remote)).toContain('.git/refs/remotes/origin/moult/x');
  });
});

describe('what may differ', () => {
  it('is named by its path, with all that lies below it and nothing that is only called alike', async () => {
    const before = await manifest(repository.root);
    await writeFile(at('build/output.js'), 'built again');
    await writeFile(at('build.txt'), '');
    await repository.git(['update-ref', 'refs/tags/ignored', 'HEAD']);
    const after = await manifest(repository.root);
    const ignore = ['build/', '.git/refs'];
    expect(diffManifests(before, after, { ignore })).toEqual([expect.stringMatching(/^build\.txt: added/)]);
    expect(diffManifests(before, after)).toHaveLength(3);
  });
});
