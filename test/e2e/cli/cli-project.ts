import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { diffManifests, manifest } from '../../../src/testing/index.js';
import { projectFolder, type ProjectFolder } from '../../../src/testing/project-folder.js';
import { moult, start, type Ended, type Running } from './moult.js';

export interface CliProject extends ProjectFolder {
  /** A folder outside of the project, for requests and marks. */
  outside: string;
  /** Runs the program in the project. */
  moult(...args: string[]): Promise<Ended>;
  start(...args: string[]): Running;
  /** Writes a request to a file outside and answers its path. */
  request(value: unknown): Promise<string>;
  /** What differs from how it was when this function was made. */
  watch(): Promise<() => Promise<string[]>>;
  /** Nothing of the program's own has been written. */
  hasNoState(): boolean;
  /** Waits until a file outside is there. */
  mark(name: string): Promise<void>;
  remove(): Promise<void>;
}

export const passing = { name: 'Fine', type: 'custom', command: 'node check.cjs' };

/** Writes a mark and waits, as a slow test does; a short life, so that none is left over. */
export const slow = (outside: string) => ({
  name: 'Slow',
  type: 'custom',
  command: `node -e "require('fs').writeFileSync('${outside}/started','');setTimeout(()=>{},40000)"`,
});

export const oneChange = {
  description: 'Speak up',
  changes: [{ file: 'src/a.txt', type: 'modify', content: 'ONE\n' }],
};

/** A modification, a deletion and a creation in new folders. */
export const threeChanges = {
  description: 'Change three files',
  changes: [
    { file: 'src/a.txt', type: 'modify', edits: [{ oldText: 'one', newText: 'ONE' }] },
    { file: 'src/b.txt', type: 'delete' },
    { file: 'deep/er/c.txt', type: 'create', content: 'three\n' },
  ],
};

/** A small repository with one commit and somebody's open work. `config` is its moult.config.json; null for none. */
export async function cliProject(
  config: Record<string, unknown> | ((outside: string) => Record<string, unknown>) | null = {
    checks: [passing],
  },
): Promise<CliProject> {
  const base = await mkdtemp(path.join(await realpath(tmpdir()), 'moult-cli-'));
  const [root, outside] = [path.join(base, 'project'), path.join(base, 'outside')];
  await mkdir(root);
  await mkdir(outside);
  const folder = projectFolder(root);
  await folder.git(['init', '--quiet']);
  await folder.write('src/a.txt', 'one\ntwo\n', 0o644);
  await folder.write('src/b.txt', 'b\n', 0o600);
  await folder.write('check.cjs', 'console.log("looks fine");\n');
  const value = typeof config === 'function' ? config(outside) : config;
  if (value) await folder.write('moult.config.json', JSON.stringify(value));
  await folder.git(['add', '--all']);
  await folder.git(['commit', '--quiet', '--message', 'Begin']);
  await folder.write('mine.txt', 'not committed\n');
  let requests = 0;
  return {
    ...folder,
    outside,
    moult: (...args) => moult(args, { cwd: root }),
    start: (...args) => start(args, { cwd: root }),
    request: async (request) => {
      const file = path.join(outside, `request-${(requests += 1)}.json`);
      await writeFile(file, typeof request === 'string' ? request : JSON.stringify(request));
      return file;
    },
    watch: async () => {
      const before = await manifest(root);
      return async () => diffManifests(before, await manifest(root));
    },
    hasNoState: () => !existsSync(path.join(root, '.git/moult')) && !existsSync(path.join(root, '.moult')),
    mark: (name) => waitForFile(path.join(outside, name)),
    remove: () => rm(base, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function waitForFile(file: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (
      await readFile(file).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(50);
  }
  throw new Error(`${file} did not appear`);
}
