import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../support/built-package.js';
import { runProgram } from '../support/run-program.js';

const folder = path.join(repository, 'examples');
/** The quickstart has a test of its own; the other is what the examples stand on. */
const others = ['quickstart.mjs', 'with-project.mjs'];
const examples = readdirSync(folder).filter((name) => name.endsWith('.mjs') && !others.includes(name));

describe('the examples', () => {
  it('are there', () => {
    expect(examples).toEqual([
      ...['library.mjs', 'own-actors.mjs', 'recover-after-kill.mjs', 'self-updating-server.mjs'],
    ]);
  });

  it.each(examples)('%s runs, and finds what it claims', async (name) => {
    const { exitCode, output } = await runProgram(process.execPath, [path.join(folder, name)]);
    expect(exitCode, output).toBe(0);
    expect(output.trim().split('\n').length, output).toBeGreaterThan(1);
  });

  it.each([
    ['node:test', ['--test', 'examples/model-tests/with-node-test.test.mjs'], /# fail 0/],
    ['vitest', ['node_modules/vitest/vitest.mjs', 'run', '--root', 'examples/model-tests'], /\d+ passed/],
  ])('of model tests pass under %s', async (_, args, passed) => {
    const { exitCode, output } = await runProgram(process.execPath, args, { cwd: repository });
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(passed);
  });

  it('with a package of its own shows an improvement in the inspector of XState 4', async () => {
    const cwd = path.join(folder, 'xstate-inspect');
    const flags = ['--ignore-scripts', '--prefer-offline', '--no-package-lock', '--no-audit', '--no-fund'];
    const installed = await runProgram('npm', ['install', ...flags], { cwd });
    expect(installed.exitCode, installed.output).toBe(0);
    const { exitCode, output } = await runProgram(process.execPath, ['show-improvement.mjs'], { cwd });
    expect(exitCode, output).toBe(0);
    expect(output).toContain('testing.sealing -> completed');
  });
});
