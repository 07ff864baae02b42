import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeLayout } from '../../../src/testing/make-layout.js';
import { projectFolder } from '../../../src/testing/project-folder.js';
import { removeTree } from '../../../src/testing/remove-tree.js';
import { toTestProject, type TestProject } from './project.js';

const threeMegabytes = Buffer.alloc(3 * 1024 * 1024, 'moult ');
const filter = "sed -e 's/secret/*****/'";

/** A project with one file for each fidelity probe, and a folder outside it that a link leads to. */
export async function probeProject(base: string): Promise<TestProject & { outside: string }> {
  const { root, top } = await makeLayout.repository(base);
  const folder = projectFolder(root);
  const git = (args: string[]) => folder.git(args);
  const write: typeof folder.write = (...args) => folder.write(...args);
  const outside = path.join(base, 'outside.txt');
  fs.writeFileSync(outside, 'outside\n');
  await write('.gitignore', 'dist/\n.env\n*.log\n');
  await write('.gitattributes', 'crlf.txt text=auto\nfiltered.txt filter=stars\n');
  await git(['config', 'filter.stars.clean', filter]);
  await git(['config', 'filter.stars.smudge', 'cat']);
  for (const name of [
    'tracked',
    'deleted',
    'unrelated',
    'assumed',
    'skipped',
    'file-to-folder',
    'staged',
    'partial',
  ])
    await write(`${name}.txt`, `${name}\n`);
  await write('exec.sh', '#!/bin/sh\n', 0o755);
  await write('private.txt', 'private\n', 0o600);
  await write('folder/inner.txt', 'inner\n');
  await write('only/one.txt', 'the only one\n');
  await write('binary.bin', Buffer.from([0, 255, 13, 10, 26, 0, 128]));
  await write('crlf.txt', 'one\r\ntwo\r\n');
  await write('filtered.txt', 'a secret\n');
  for (const name of ['odd ünïcode 日本.txt', 'odd\nline.txt', '-odd.txt', 'odd *?[x].txt'])
    await write(name, 'odd\n');
  fs.symlinkSync('tracked.txt', path.join(root, 'link'));
  fs.symlinkSync(outside, path.join(root, 'link-outside'));
  await git(['add', '--all', '.']);
  await git(['commit', '--quiet', '--message', 'All']);
  await write('assumed.txt', 'assumed, edited\n');
  await write('skipped.txt', 'skipped, edited\n');
  await git(['update-index', '--assume-unchanged', 'assumed.txt']);
  await git(['update-index', '--skip-worktree', 'skipped.txt']);
  await write('staged.txt', 'staged, edited\n');
  await write('partial.txt', 'partial, staged\n');
  await git(['add', 'staged.txt', 'partial.txt']);
  await write('partial.txt', 'partial, staged, edited\n');
  await write('untracked.txt', 'untracked\n', 0o640);
  await write('untracked-deleted.txt', 'untracked\n');
  await write('untracked-3mb.bin', threeMegabytes);
  await write('untouched-3mb.bin', threeMegabytes);
  await write('.env', 'TOKEN=1\n', 0o600);
  await write('dist/out.js', 'built\n');
  fs.mkdirSync(path.join(root, 'empty'));
  await write('.gitignore', 'dist/\n.env\n*.log\nguarded/\n');
  await write('guarded/file.txt', 'only an uncommitted rule ignores it\n');
  await nestedRepository(folder.root, 'nested', true);
  await nestedRepository(folder.root, 'nested-unborn', false);
  return { ...(await toTestProject({ ...folder, top, remove: () => removeTree(base) })), outside };
}

async function nestedRepository(root: string, name: string, hasCommit: boolean): Promise<void> {
  fs.mkdirSync(path.join(root, name));
  const nested = projectFolder(path.join(root, name));
  await nested.git(['init', '--quiet']);
  await nested.write('inside.txt', 'inside\n');
  if (!hasCommit) return;
  await nested.git(['add', '.']);
  await nested.git(['commit', '--quiet', '--message', 'Nested']);
}
