import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ImprovementRequest } from '../../src/improvement.js';
import type { TimelineRecord } from '../../src/store/timeline-record.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { hookedFileSystem, systemError } from './support/hooked-file-system.js';
import { failing, testProject, type TestProject } from './support/project.js';

const request: ImprovementRequest = {
  description: 'Leave a trace',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'x' }],
};

function recordsOf({ stateDirectory }: TestProject, taskId: string): TimelineRecord[] {
  const file = path.join(stateDirectory, 'tasks', taskId, 'timeline.log');
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TimelineRecord);
}

const of = <Kind extends TimelineRecord['kind']>(records: TimelineRecord[], kind: Kind) =>
  records.filter((record): record is Extract<TimelineRecord, { kind: Kind }> => record.kind === kind);

describe('the timeline of an improvement', () => {
  test('tells every state, effect, check and notice, in order', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(request);
    await service.executeImprovement();
    const records = recordsOf(project, taskId);
    expect(of(records, 'state').map(({ state }) => state)).toEqual([
      'planning.assessing',
      'planning.ready',
      'implementing.backing_up',
      'implementing.checkpointing',
      'implementing.applying',
      'testing.running_checks',
      'testing.sealing',
      'completed',
    ]);
    const effects = of(records, 'effect').map((effect) =>
      effect.phase === 'start' ? `${effect.actor} starts` : `${effect.actor} ${effect.outcome}`,
    );
    expect(effects).toEqual(
      ['assessPlan', 'backUp', 'createCheckpoint', 'applyChanges', 'runChecks', 'sealChanges'].flatMap(
        (actor) => [`${actor} starts`, `${actor} done`],
      ),
    );
    expect(of(records, 'check').map(({ phase, name }) => `${phase} ${name}`)).toEqual([
      'start passes',
      'end passes',
    ]);
    expect(of(records, 'notice').map(({ milestone }) => milestone)).toEqual([
      'planned',
      'started',
      'applied',
      'check_finished',
      'completed',
    ]);
    expect(of(records, 'event').map(({ type, from }) => `${type} from ${from}`)).toContain(
      'xstate.done.actor.applyChanges from applyChanges',
    );
    const times = records.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });

  test('has the whole context in its changes, and the transitions that were taken', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(request);
    await service.executeImprovement();
    const states = of(recordsOf(project, taskId), 'state');
    const context = Object.assign({}, ...states.map(({ changes }) => changes)) as object;
    const { context: real } = service.actor!.getSnapshot();
    expect(context).toEqual(JSON.parse(JSON.stringify(real)));
    expect(Object.keys(states[1]!.changes)).toEqual([]);
    expect(states.find(({ state }) => state === 'implementing.backing_up')?.edges).toEqual([
      'improvement.planning.ready --EXECUTE[0]--> improvement.implementing',
    ]);
  });

  test('goes on in the next process, from the whole context again', async () => {
    const project = await testProject();
    const config = { checks: failing };
    const taskId = await project.service({ config }).planImprovement(request);
    await project.service({ config }).executeImprovement();
    await project.service().describeImprovement();
    const records = recordsOf(project, taskId);
    expect(of(records, 'process').map(({ begins }) => begins)).toEqual(['new', 'restored']);
    const begun = records.findIndex(({ kind }, index) => index > 0 && kind === 'process');
    const [first] = of(records.slice(begun), 'state');
    expect(first).toMatchObject({ state: 'planning.ready', changes: { taskId } });
  });

  test('of a rollback says what went wrong', async () => {
    const project = await testProject();
    const service = project.service({ config: { checks: failing } });
    const taskId = await service.planImprovement(request);
    await service.executeImprovement();
    const records = recordsOf(project, taskId);
    expect(of(records, 'check').at(-1)).toMatchObject({ phase: 'end', status: 'failed' });
    expect(of(records, 'state').at(-1)).toMatchObject({
      state: 'rolled_back',
      changes: { rollback: { restored: ['src/a.ts'] } },
    });
  });

  test('holds nothing up where it cannot be written', async () => {
    const project = await testProject();
    const logger = new CollectingLogger();
    const fileSystem = hookedFileSystem((call, [file]) => {
      if (call === 'writeFile' && String(file).endsWith('timeline.log')) throw systemError('ENOSPC');
    });
    const service = project.service({ fileSystem, logger });
    await service.planImprovement(request);
    expect((await service.executeImprovement()).status).toBe('completed');
    expect(logger.lines.filter((line) => line.includes('recorded')).length).toBe(1);
  });

  test('a host whose inspector throws loses nothing but the inspection', async () => {
    const project = await testProject();
    const logger = new CollectingLogger();
    const inspect = () => {
      throw new Error('mine');
    };
    const service = project.service({ inspect, logger });
    await service.planImprovement(request);
    expect((await service.executeImprovement()).status).toBe('completed');
    expect(logger.lines).toContain('warn [moult] the inspector failed: Error: mine');
  });
});
