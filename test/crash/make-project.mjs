import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A project in which every workload has something to change, with work of the user's that must survive. */
export async function makeProject(root, { git }) {
  await mkdir(join(root, 'src'), { recursive: true });
  await write(root, 'src/keep.txt', 'kept\n');
  for (let n = 0; n < 3; n += 1) {
    await write(root, `src/modify-${n}.txt`, `old ${n}\r\n`);
    await write(root, `src/delete-${n}.txt`, `to be deleted ${n}\n`);
    await write(root, `src/mode-${n}.sh`, '#!/bin/sh\n');
    await write(root, `src/link-${n}.txt`, 'a file still\n');
    await symlink('keep.txt', join(root, `src/unlink-${n}`));
    await write(root, `src/binary-${n}.bin`, Buffer.from([1, 2, 0, 255, n]));
  }
  await chmod(join(root, 'src/modify-1.txt'), 0o600);
  if (git) leaveOpenWork(root);
  await write(root, 'src/keep.txt', 'kept, and edited since\n');
  await write(root, 'untracked.txt', 'untracked\n');
}

function leaveOpenWork(root) {
  const run = (...args) =>
    execFileSync(
      'git',
      ['-c', 'user.name=crash', '-c', 'user.email=crash@localhost', '-c', 'init.defaultBranch=main', ...args],
      {
        cwd: root,
        env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: root },
      },
    );
  run('init', '-q');
  run('add', '.');
  run('commit', '-qm', 'all');
  execFileSync('sh', ['-c', 'echo staged >> src/keep.txt'], { cwd: root });
  run('add', 'src/keep.txt');
}

function write(root, name, content) {
  return writeFile(join(root, name), content);
}
