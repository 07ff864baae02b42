import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { firstErrors } from '../../../src/mcp/first-errors.js';

async function logOf(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'moult-errors-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(path.join(folder, 'log'), text);
  return path.join(folder, 'log');
}

it('takes the lines that say what is wrong, from the first on, and leaves out counts of nothing', async () => {
  const log = await logOf(
    [
      '> project@1.0.0 test',
      'compiling 200 files',
      "src/a.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.",
      'ok 1 - adds',
      'not ok 2 - subtracts',
      '  \u001b[31mAssertionError\u001b[0m: 1 is not 2',
      'Found 0 errors in b.ts',
      '# fail 1',
      'done',
    ].join('\n'),
  );
  expect(await firstErrors(log, 'done')).toEqual([
    "src/a.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.",
    'not ok 2 - subtracts',
    '  AssertionError: 1 is not 2',
  ]);
});

it('takes the first dozen of many, each cut to a length that can be read', async () => {
  const log = await logOf(
    Array.from({ length: 100 }, (_, index) => `error ${index} ${'x'.repeat(400)}`).join('\n'),
  );
  const errors = await firstErrors(log, '');
  expect(errors).toHaveLength(12);
  expect(errors[0]).toBe(`error 0 ${'x'.repeat(292)} …`);
});

it('takes the last lines where none looks like an error', async () => {
  expect(await firstErrors(await logOf('one\ntwo\nthree\n'), 'two\nthree\n')).toEqual(['two', 'three']);
});

it('does with the tail where the log is gone, and with nothing where nothing was printed', async () => {
  expect(await firstErrors('/nowhere/log', 'Error: it broke\n')).toEqual(['Error: it broke']);
  expect(await firstErrors(null, '')).toEqual([]);
});
