import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { defaultChecks } from '../../../src/checks/default-checks.js';
import { nodeFileSystem as fileSystem } from '../../../src/ports/node-file-system.js';

let root: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'moult-default-checks-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  root = folder;
});
const checksFor = async (packageJson: string | object | null, skipTests = false) => {
  const content = typeof packageJson === 'string' ? packageJson : JSON.stringify(packageJson);
  if (packageJson !== null) writeFileSync(join(root, 'package.json'), content);
  return defaultChecks({ fileSystem, root, skipTests });
};
const names = async (...args: Parameters<typeof checksFor>) =>
  (await checksFor(...args)).map(({ name }) => name);

describe('the default checks', () => {
  it('are build, lint and tests, all required', async () => {
    expect(await checksFor({ scripts: { test: 'c', lint: 'b', build: 'a', other: 'd' } })).toEqual([
      { name: 'TypeScript Build', type: 'build', required: true },
      { name: 'Linting', type: 'lint', required: true },
      { name: 'Unit Tests', type: 'test', required: true },
    ]);
  });

  it('are those that exist', async () => {
    expect(await names({ scripts: { lint: 'b', prebuild: 'x' } })).toEqual(['Linting']);
  });

  it('are none without scripts', async () => {
    expect(await names(null)).toEqual([]);
    expect(await names({})).toEqual([]);
    expect(await names({ scripts: null })).toEqual([]);
    expect(await names('null')).toEqual([]);
    expect(await names('[]')).toEqual([]);
  });

  it('leave tests out when asked to', async () => {
    expect(await names({ scripts: { build: 'a', test: 'c' } }, true)).toEqual(['TypeScript Build']);
  });

  it.each([
    'echo "Error: no test specified" && exit 1',
    "echo 'Error: no test specified' && exit 1",
    '',
    '  ',
  ])('do not count %j as tests', async (test) => {
    expect(await names({ scripts: { build: 'a', test } })).toEqual(['TypeScript Build']);
  });

  it('count tests that only look like the placeholder', async () => {
    expect(await names({ scripts: { test: 'echo "Error: no test specified" && vitest' } })).toEqual([
      'Unit Tests',
    ]);
  });

  it('can be read behind a byte order mark', async () => {
    expect(await names('\uFEFF{"scripts":{"build":"a"}}')).toEqual(['TypeScript Build']);
  });

  it('cannot be told from a package.json that is not JSON', async () => {
    await expect(checksFor('{')).rejects.toMatchObject({
      code: 'CONFIG_UNREADABLE',
      details: { source: join(root, 'package.json') },
    });
  });

  it('are new objects each time', async () => {
    const [first] = await checksFor({ scripts: { build: 'a' } });
    first!.required = false;
    expect((await checksFor({ scripts: { build: 'a' } }))[0]!.required).toBe(true);
  });
});
