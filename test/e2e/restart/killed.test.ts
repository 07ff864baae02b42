import { describe, expect, it } from 'vitest';
import { builtCli } from '../../support/built-package.js';
import { SupervisedProject, version } from './supervised-project.js';

const spoilable =
  "import { existsSync } from 'node:fs'; if (existsSync('broken')) throw new Error('spoiled'); export const behave = null;";
const good = version('second');
const bad = version('second', "export const behave = null; throw new Error('boom');");
/** So bad that the one before it, which it spoils, does not start either. */
const worst = version(
  'second',
  "import { writeFileSync } from 'node:fs'; writeFileSync('broken', ''); throw new Error('boom'); export const behave = null;",
);
const phases: [state: string, content: string, end: string][] = [
  ['scheduled', good, 'second'],
  ['draining', good, 'second'],
  ['stopping', good, 'second'],
  ['starting', good, 'second'],
  ['confirming.watching', good, 'second'],
  ['confirming.keeping', good, 'second'],
  ['reverting.stopping', bad, 'first'],
  ['reverting.taking_back', bad, 'first'],
  ['reverting.starting', bad, 'first'],
  ['reverting.confirming', bad, 'first'],
  ['giving_up', worst, 'safe_mode'],
];

/** All of them with MOULT_ALL_PHASES=1; they take a while. */
const sample = process.env.MOULT_ALL_PHASES ? phases : phases.filter((_, index) => index % 3 === 0);

describe('killed in', () => {
  it.concurrent.each(sample)(
    '%s, the version that runs afterwards is the one of the journal',
    async (state, content, end) => {
      // A start that is cut off counts as one that failed: a second one is allowed.
      const project = await SupervisedProject.make({ delayMs: 300, attemptsMax: 2 });
      try {
        project.write('version.js', version('first', spoilable));
        const guard = await project.supervise();
        const taskId = await project.change([{ file: 'version.js', type: 'modify', content }]);
        await project.until(() => guard.log().includes(`: ${state}`), `the restart comes to ${state}`);
        await project.kill(guard);
        if (end === 'safe_mode') return await expectSafeMode(project, taskId);
        const next = await project.supervise();
        await project.restartIsOver(taskId);
        await project.until(async () => (await project.text()) === end, `the ${end} version answers`);
        const { status } = await project.end(taskId);
        expect([status, project.read('version.js').includes(end)], next.log()).toEqual([
          end === 'second' ? 'completed' : 'rolled_back',
          true,
        ]);
      } finally {
        await project.remove();
      }
    },
    180_000,
  );
});

/** The change was taken back before, and the guard starts nothing. */
async function expectSafeMode(project: SupervisedProject, taskId: string): Promise<void> {
  const next = project.start([builtCli, 'supervise', '--', process.execPath, 'server.js']);
  expect((await next.ended).code, next.log()).toBe(78);
  expect([project.restart()?.value, (await project.end(taskId)).status]).toEqual([
    'safe_mode',
    'rolled_back',
  ]);
  expect(project.read('version.js')).toContain('first');
  expect(project.programs()).toEqual([]);
}
