import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlannedChange } from '../../../src/improvement.js';
import { builtCli, repository } from '../../support/built-package.js';
import { SupervisedProject, version } from './supervised-project.js';

interface BadVersion {
  how: string;
  /** What is planned: another version.js, or more. */
  changes: PlannedChange[];
  /** What the result says. */
  why: RegExp;
  restart?: object;
  /** It breaks what is installed: then moult is there, and starts the guard. */
  isInstalled?: true;
  /** What is not in the plan and stays as the new version left it. */
  leaves?: string[];
}

const modify = (code: string): PlannedChange => ({
  ...{ file: 'version.js', type: 'modify' },
  content: version('bad', code),
});
/** Breaks what is installed, or itself, and dies of it. */
const deletes = (what: string) =>
  modify(`import { rmSync } from 'node:fs';
rmSync(${JSON.stringify(what)}, { recursive: true });
throw new Error('broken');
export const behave = null;`);

const bad: BadVersion[] = [
  {
    how: 'throws at import',
    changes: [modify("export const behave = null; throw new Error('boom');")],
    why: /exited with code 1 before it was ready/,
  },
  {
    how: 'hangs at start',
    changes: [
      modify(`export const behave = null;
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`),
    ],
    why: /was not ready within 8 s/,
  },
  {
    how: 'listens, and dies after two seconds',
    changes: [modify('export const behave = null; setTimeout(() => process.exit(3), 2_000);')],
    why: /exited with code 3 after it was ready/,
    restart: { confirmAfterMs: 6_000 },
  },
  {
    how: 'answers 500',
    changes: [modify('export const behave = () => ({ status: 500 });')],
    why: /was not ready within 8 s.*answered 500/,
  },
  {
    how: 'leaks until it is killed',
    changes: [
      // Large pieces: otherwise it collects garbage for seconds before it dies.
      modify(`const kept = [];
const leak = () => {
  for (;;) kept.push(new Array(1_000_000).fill(Math.random()));
};
export const behave = () => void setTimeout(leak, 100);`),
    ],
    why: /was ended by SIGABRT after it was ready/,
    restart: { confirmAfterMs: 6_000 },
  },
  {
    how: 'breaks node_modules',
    changes: [deletes('node_modules/zod')],
    isInstalled: true,
    why: /exited with code 1 before it was ready/,
  },
  {
    how: 'deletes moult from node_modules',
    changes: [deletes('node_modules/moult')],
    isInstalled: true,
    why: /exited with code 1 before it was ready/,
  },
  {
    how: 'is without its package.json',
    changes: [
      { file: 'package.json', type: 'delete' },
      modify("throw new Error('broken'); export const behave = null;"),
    ],
    why: /exited with code 1 before it was ready/,
  },
  {
    how: 'deletes its own package.json when it starts',
    changes: [deletes('package.json')],
    why: /exited with code 1 before it was ready/,
    leaves: ['package.json: removed'],
  },
  {
    how: 'turns bad, and ignores SIGTERM',
    changes: [
      modify(`process.on('SIGTERM', () => undefined);
let answers = 0;
export const behave = () => ({ status: answers++ < 2 ? 200 : 503 });`),
    ],
    why: /answered 503/,
  },
];

describe('a new version that', () => {
  it.concurrent.each(bad)(
    '$how is taken back',
    async ({ changes, why, restart = {}, isInstalled = false, leaves = [] }) => {
      const project = await SupervisedProject.make({ readyWithinMs: 8_000, ...restart });
      try {
        // So that one which leaks comes to its end soon.
        project.environment = { NODE_OPTIONS: '--max-old-space-size=60' };
        const guard = await project.supervise(isInstalled ? install(project) : builtCli);
        const before = await project.manifest();
        const taskId = await project.change(changes);
        await project.restartIsOver(taskId);
        expect(project.restart()?.value, guard.log()).toBe('reverted');
        expect(await project.text(), guard.log()).toBe('first');
        expect(await project.differsFrom(before)).toEqual(
          leaves.map((line) => expect.stringContaining(line) as string),
        );
        const { status, because } = await project.end(taskId);
        expect(status).toBe('rolled_back');
        expect(because).toMatch(why);
        // The guard and the old version: nothing is left of the new one.
        expect(project.programs()).toHaveLength(2);
      } finally {
        await project.remove();
      }
    },
    180_000,
  );
});

describe('after a bad version', () => {
  it.concurrent(
    'the guard still restarts onto a good one, and ends as the program ends',
    async () => {
      const project = await SupervisedProject.make();
      try {
        const guard = await project.supervise(install(project));
        const first = await project.change([deletes('node_modules/moult')]);
        await project.restartIsOver(first);
        expect(project.restart()?.value, guard.log()).toBe('reverted');
        const content = version('good');
        const second = await project.change([{ file: 'version.js', type: 'modify', content }]);
        await project.restartIsOver(second);
        expect(await project.text(), guard.log()).toBe('good');
        expect((await project.end(second)).status).toBe('completed');
        guard.process.kill('SIGTERM');
        expect(await guard.ended).toEqual({ code: 0, signal: null });
      } finally {
        await project.remove();
      }
    },
    180_000,
  );
});

/** Installs moult into the project, in its own right. Answers its command line. */
function install(project: SupervisedProject): string {
  const modules = path.join(project.root, 'node_modules');
  const own = path.join(modules, 'moult');
  const filter = (file: string) => !/\.(map|mcpb)$/.test(file);
  fs.cpSync(path.join(repository, 'dist'), path.join(own, 'dist'), { recursive: true, filter });
  fs.copyFileSync(path.join(repository, 'package.json'), path.join(own, 'package.json'));
  for (const name of fs.readdirSync(path.join(repository, 'node_modules')))
    if (!name.startsWith('.'))
      fs.symlinkSync(path.join(repository, 'node_modules', name), path.join(modules, name));
  return path.join(own, path.relative(repository, builtCli));
}
