import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { repository } from './built-package.js';

const files = {
  'package.json': JSON.stringify({ name: 'readme', type: 'module', scripts: { test: 'node test.js' } }),
  'test.js':
    "import { greeting } from './src/greeting.js';\nif (!greeting.startsWith('Hello')) process.exit(1);\n",
  '.gitignore': 'node_modules\n',
  'src/greeting.js': "export const greeting = 'Hello';\n",
  'src/farewell.js': "export const farewell = 'Bye';\n",
  'src/names.js': "export const first = 'Ann';\n",
  'src/old.js': 'export const old = true;\n',
  'bin/start.sh': '#!/bin/sh\n',
};

/** The project that the README speaks of, in a repository of its own, with this package installed as built. */
export async function readmeProject(): Promise<{ root: string; remove: () => Promise<void> }> {
  const root = await mkdtemp(path.join(await realpath(tmpdir()), 'moult-readme-'));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  await mkdir(path.join(root, 'node_modules'));
  await symlink(repository, path.join(root, 'node_modules/moult'));
  await symlink(path.join(repository, 'node_modules/xstate'), path.join(root, 'node_modules/xstate'));
  const identity = ['-c', 'user.name=Reader', '-c', 'user.email=reader@example.org'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    ['commit', '--quiet', '--message', 'Everything'],
  ])
    execFileSync('git', [...identity, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
