import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { expect, it } from 'vitest';

it('the engine works inside a pre-commit hook of a linked worktree, and the commit is what was staged', () => {
  const script = path.join(import.meta.dirname, 'in-hook.mjs');
  const part = ['test/integration/promise.test.ts', '-t', 'a success changes the planned paths'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...part], { encoding: 'utf8' });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout + stderr).toMatch(/1 passed/);
}, 120_000);
