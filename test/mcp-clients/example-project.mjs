import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/** A small project with a repository and a test that says what a greeting must be. */
export function exampleProject() {
  const root = mkdtempSync(path.join(realpathSync(tmpdir()), 'moult-client-'));
  mkdirSync(path.join(root, 'src'));
  writeFileSync(path.join(root, 'src/greeting.js'), "export const greeting = 'Hello';\n");
  writeFileSync(
    path.join(root, 'test.js'),
    "import { greeting } from './src/greeting.js';\nif (!greeting.startsWith('Hello')) throw new Error('Error: greet people');\n",
  );
  writeFileSync(
    path.join(root, 'package.json'),
    JSON.stringify({ name: 'example', type: 'module', scripts: { test: 'node test.js' } }),
  );
  const git = (...args) => execFileSync('git', args, { cwd: root, stdio: 'ignore' });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'Begin');
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
