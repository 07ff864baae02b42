import { afterEach, beforeEach, expect, it } from 'vitest';
import { SupervisedProject, version } from './supervised-project.js';

let project: SupervisedProject;
// A start that is cut off counts as one that failed: a second one is allowed.
beforeEach(async () => (project = await SupervisedProject.make({ delayMs: 300, attemptsMax: 2 })));
afterEach(() => project.remove());

const good = version('second');
const bad = version('second', "export const behave = null; throw new Error('boom');");
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
];

/** All of them with MOULT_ALL_PHASES=1; they take a while. */
const sample = process.env.MOULT_ALL_PHASES ? phases : phases.filter((_, index) => index % 3 === 0);

it.each(sample)(
  'killed in %s, the version that runs afterwards is the one of the journal',
  async (state, content, end) => {
    const guard = await project.supervise();
    const taskId = await project.changeVersion(content);
    await project.until(() => guard.log().includes(`: ${state}`), `the restart comes to ${state}`);
    await project.kill(guard);
    const next = await project.supervise();
    await project.restartIsOver(taskId);
    await project.until(async () => (await project.text()) === end, `the ${end} version answers`);
    const { status } = await project.result(taskId);
    expect([status, project.read('version.js').includes(end)], next.log()).toEqual([
      end === 'second' ? 'completed' : 'rolled_back',
      true,
    ]);
  },
);
