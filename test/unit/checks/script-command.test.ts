import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { scriptCommand } from '../../../src/checks/script-command.js';
import { nodeFileSystem as fileSystem } from '../../../src/ports/node-file-system.js';

let root: string;
beforeEach(() => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'moult-package-manager-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  root = folder;
});
const commandLine = async (folder = root) => {
  const { program, args } = await scriptCommand(fileSystem, folder, 'test');
  return [program, ...args].join(' ');
};

describe('a script is run by', () => {
  it.each([
    ['package-lock.json', '{}', 'npm run test'],
    ['pnpm-lock.yaml', '', 'pnpm run test'],
    ['yarn.lock', '', 'yarn run test'],
    ['bun.lock', '', 'bun run test'],
    ['package.json', '{"packageManager":"pnpm@9.1.0"}', 'pnpm run test'],
    ['package.json', '{"packageManager":"yarn@4.0.0"}', 'yarn run test'],
    ['package.json', '{"devEngines":{"packageManager":{"name":"bun"}}}', 'bun run test'],
    ['package.json', '{"packageManager":"rm -rf@1"}', 'npm run test'],
    ['package.json', '{', 'npm run test'],
  ])('what %s %s says', async (name, content, expected) => {
    writeFileSync(join(root, name), content);
    expect(await commandLine()).toBe(expected);
  });

  it('npm, where nothing says otherwise', async () => {
    expect(await commandLine()).toBe('npm run test');
  });

  it('what the top of the repository says, for a package of a monorepo', async () => {
    const below = join(root, 'packages', 'a');
    mkdirSync(below, { recursive: true });
    mkdirSync(join(root, '.git'));
    writeFileSync(join(root, 'pnpm-lock.yaml'), '');
    writeFileSync(join(below, 'package.json'), '{}');
    expect(await commandLine(below)).toBe('pnpm run test');
  });

  it('nothing that lies outside the repository, or above a folder without one', async () => {
    const below = join(root, 'project');
    mkdirSync(below);
    writeFileSync(join(root, 'pnpm-lock.yaml'), '');
    expect(await commandLine(below)).toBe('npm run test');
    mkdirSync(join(below, '.git'));
    expect(await commandLine(below)).toBe('npm run test');
  });
});
