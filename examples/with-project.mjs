import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * A small project in a git repository of its own, for as long as `work` takes.
 *
 * @param {Record<string, string>} files by path
 * @param {(root: string) => Promise<void>} work
 */
export async function withProject(files, work) {
  const root = await mkdtemp(path.join(tmpdir(), 'moult-example-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    }
    git(root, 'init', '--quiet');
    git(root, 'add', '.');
    git(root, 'commit', '--quiet', '--message', 'Everything');
    await work(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function git(root, ...args) {
  const identity = [
    '-c',
    'user.name=Example',
    '-c',
    'user.email=example@example.org',
    '-c',
    'commit.gpgSign=false',
  ];
  execFileSync('git', [...identity, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}
