import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ImprovementRequest } from '../../../src/improvement.js';
import { inspectService, type InspectOptions } from '../../../src/inspector/inspect-service.js';
import { inspectStateDirectory } from '../../../src/inspector/inspect-state-directory.js';
import type { History, Improvement, LogPage } from '../../../src/inspector/protocol/improvement.js';
import type { Session } from '../../../src/inspector/protocol/session.js';
import type { TimelinePage } from '../../../src/inspector/protocol/timeline.js';
import type { Inspector } from '../../../src/inspector/server/start-server.js';
import type { SelfImprovementService } from '../../../src/self-improvement-service.js';
import { act, ask, LiveClient } from '../support/inspector-client.js';
import { Driver } from '../support/driver.js';
import { failing, testProject, type TestProject } from '../support/project.js';

const request: ImprovementRequest = {
  description: 'Be watched',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'watched\n' }],
};
/** A check that prints, waits for a file, and prints again. */
const waiting = (file: string) => [
  {
    name: 'waits',
    type: 'custom' as const,
    command: `node -e "console.log('begun'); const t = setInterval(() => { if (require('fs').existsSync('${file}')) { console.log('ended'); clearInterval(t); } }, 20)"`,
    required: true,
  },
];
const happy = [
  'planning.assessing',
  'planning.ready',
  'implementing.backing_up',
  'implementing.checkpointing',
  'implementing.applying',
  'testing.running_checks',
  'testing.sealing',
  'completed',
];

const opened: Inspector[] = [];
const clients: LiveClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.cut();
  for (const inspector of opened.splice(0)) await inspector.close();
});
const inspect = async (service: SelfImprovementService, options?: InspectOptions) => {
  const inspector = await inspectService(service, options);
  opened.push(inspector);
  return inspector;
};
const follow = (inspector: Inspector, taskId: string) => {
  const client = new LiveClient(inspector, `api/events?task=${taskId}`);
  clients.push(client);
  client.connect();
  return client;
};
const folder = () => {
  const made = mkdtempSync(path.join(tmpdir(), 'moult-inspector-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

describe('a live improvement', () => {
  test('is seen in each state, in order, with the output of its check as it comes', async () => {
    const project = await testProject();
    const go = path.join(folder(), 'go');
    const service = project.service({ config: { checks: waiting(go) } });
    const taskId = await service.planImprovement(request);
    const inspector = await inspect(service);
    const live = follow(inspector, taskId);
    const at = `api/improvements/${taskId}`;
    const execution = service.executeImprovement();
    await live.until(() => live.of('log').some(({ sizeBytes }) => sizeBytes > 0), 'output of the check');
    expect((await ask<LogPage>(inspector, `${at}/checks/0/log`)).json.text).toBe('begun\n');
    const during = (await ask<Improvement>(inspector, at)).json;
    expect(during).toMatchObject({ activity: 'working', state: 'testing.running_checks' });
    expect(during.checks[0]).toMatchObject({ name: 'waits', status: 'running', logBytes: 6 });
    writeFileSync(go, '');
    expect((await execution).status).toBe('completed');
    await live.until(() => live.states().includes('completed'), 'the end');
    expect(live.states()).toEqual(happy);
    await live.until(() => live.of('improvement').at(-1)?.entry.activity === 'ended', 'the last state');
    expect((await ask<LogPage>(inspector, `${at}/checks/0/log`)).json.text).toBe('begun\nended\n');
    const journal = live
      .entries()
      .flatMap((entry) => (entry.kind === 'journal' ? [`${entry.type} ${entry.path}`] : []));
    expect(journal).toEqual([
      ...['before-image src/a.ts', 'intent src/a.ts', 'outcome src/a.ts'],
      ...['witness null', 'undeclared null', 'sealed null'],
    ]);
    const edges = live.entries().flatMap((entry) => (entry.kind === 'state' ? entry.edges : []));
    const chart = (await ask<{ edges: { id: string }[] }>(inspector, 'api/charts/improvement')).json;
    expect(edges.length).toBeGreaterThan(6);
    expect(edges.filter((edge) => !chart.edges.some(({ id }) => id === edge))).toEqual([]);
  });

  test('of another process is followed by its state directory', async () => {
    const project = await testProject();
    const driver = await Driver.make();
    onTestFinished(() => driver.remove());
    const go = path.join(folder(), 'go');
    const config = { checks: waiting(go) };
    const taskId = (await driver.run({ root: project.root, config, do: 'plan', request })).answer as string;
    const inspector = await inspect(project.service({ config }));
    const live = follow(inspector, taskId);
    const other = driver.start({ root: project.root, config, do: 'execute' });
    await live.until(() => live.of('log').some(({ sizeBytes }) => sizeBytes > 0), 'output of the check');
    expect((await ask<History>(inspector, 'api/improvements')).json.improvements[0]?.activity).toBe(
      'working',
    );
    writeFileSync(go, '');
    await other.ended;
    await live.until(() => live.states().includes('completed'), 'the end');
    expect(live.states().filter((state, index, all) => state !== all[index - 1])).toEqual(happy);
  });

  test('is seen without a loss and without a repetition through connections that break', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(request);
    const inspector = await inspect(service);
    const live = follow(inspector, taskId);
    await live.until(() => live.lastId !== null, 'the beginning');
    live.cut();
    await service.executeImprovement();
    for (const state of ['completed', 'rolled_back']) {
      live.connect();
      await live.until(() => live.states().includes(state), state);
      live.cut();
      if (state === 'completed') await service.rollbackImprovement(taskId);
    }
    const keys = live.entries().map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const whole = (await ask<TimelinePage>(inspector, `api/improvements/${taskId}/timeline`)).json;
    expect([...keys].sort()).toEqual(whole.entries.map(({ key }) => key).sort());
  });

  test('says goodbye when the server ends', async () => {
    const project = await testProject();
    const service = project.service();
    const taskId = await service.planImprovement(request);
    const inspector = await inspectService(service);
    const live = follow(inspector, taskId);
    await live.until(() => live.of('history').length > 0, 'the history');
    await inspector.close();
    expect(live.of('end').length).toBe(1);
  });
});

describe('after the fact', () => {
  async function killed(): Promise<{ project: TestProject; taskId: string }> {
    const project = await testProject();
    const driver = await Driver.make();
    onTestFinished(() => driver.remove());
    const config = { checks: failing };
    const taskId = (await driver.run({ root: project.root, config, do: 'plan', request })).answer as string;
    const end = await driver.run({
      root: project.root,
      config,
      do: 'execute',
      killOnCheck: true,
    });
    expect(end.signal).toBe('SIGKILL');
    return { project, taskId };
  }

  test('what a crash left says so, and so does a copy of it, where nothing can be done', async () => {
    const { project, taskId } = await killed();
    const inspector = await inspect(project.service(), { allowActions: true });
    const there = (await ask<Improvement>(inspector, `api/improvements/${taskId}`)).json;
    expect(there).toMatchObject({ activity: 'interrupted', state: 'testing.running_checks' });
    const copy = path.join(folder(), 'copy');
    cpSync(project.stateDirectory, copy, { recursive: true });
    rmSync(path.join(copy, 'lock'), { recursive: true });
    const other = await inspectStateDirectory(copy, { task: taskId });
    opened.push(other);
    expect((await ask<Session>(other, 'api/session')).json).toMatchObject({ title: 'copy', task: taskId });
    const copied = (await ask<Improvement>(other, `api/improvements/${taskId}`)).json;
    expect(copied).toMatchObject({ activity: 'interrupted', files: [{ path: 'src/a.ts' }] });
    expect(copied.actions.every(({ enabled, why }) => !enabled && why?.includes('by itself'))).toBe(true);
    expect((await ask(other, `api/improvements/${taskId}/files/0`)).text).toContain('watched\\n');
    const live = follow(other, taskId);
    await live.until(() => live.states().includes('testing.running_checks'), 'the last state');
  });

  test('damaged state is named, with what helps, and hides nothing else', async () => {
    const project = await testProject();
    const service = project.service();
    const broken = await service.planImprovement(request);
    await service.executeImprovement();
    const whole = await service.planImprovement({
      ...request,
      changes: [{ ...request.changes[0]!, content: 'more' }],
    });
    writeFileSync(path.join(project.stateDirectory, 'tasks', broken, 'snapshot.json'), 'nonsense');
    const inspector = await inspect(service);
    const { improvements, figures } = (await ask<History>(inspector, 'api/improvements')).json;
    expect(improvements.map(({ taskId, activity }) => [taskId, activity])).toEqual([
      [whole, 'waiting'],
      [broken, 'unreadable'],
    ]);
    expect(improvements[1]?.problem).toMatchObject({ code: 'STATE_UNREADABLE' });
    expect(figures).toMatchObject({ total: 2, open: 1, successRate: null });
    const answer = await ask(inspector, `api/improvements/${broken}`);
    expect([answer.status, answer.text]).toEqual([500, expect.stringContaining('STATE_UNREADABLE')]);
  });

  test('a long timeline comes in pages, in the order of time, each entry once', async () => {
    const project = await testProject();
    const service = project.service();
    const changes = Array.from({ length: 1_500 }, (_, index) => ({
      ...{ file: `many/file-${index}.txt`, type: 'create' as const, content: String(index) },
    }));
    const taskId = await service.planImprovement({ ...request, changes });
    await service.executeImprovement();
    const inspector = await inspect(service);
    const pages: TimelinePage[] = [];
    for (let after = ''; ;) {
      const page = (await ask<TimelinePage>(inspector, `api/improvements/${taskId}/timeline?after=${after}`))
        .json;
      pages.push(page);
      if (!page.more) break;
      after = page.cursor;
    }
    const entries = pages.flatMap((page) => page.entries);
    expect(pages.length).toBeGreaterThan(1);
    expect(entries.length).toBeGreaterThan(4_500);
    expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
    const times = entries.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });
});

describe('actions', () => {
  const waitingPlan = async (options: InspectOptions) => {
    const project = await testProject();
    const service = project.service({
      config: { checks: failing.map((check) => ({ ...check, command: 'true' })), requireApproval: 'always' },
    });
    const taskId = await service.planImprovement(request);
    const inspector = await inspect(service, options);
    const at = `api/improvements/${taskId}`;
    const seen = async () => (await ask<Improvement>(inspector, at)).json;
    return { project, service, taskId, inspector, at, seen };
  };
  const enabled = ({ actions }: Improvement) => actions.flatMap((one) => (one.enabled ? [one.action] : []));

  test('are off unless they are allowed', async () => {
    const { inspector, at, seen, service, taskId } = await waitingPlan({});
    expect(enabled(await seen())).toEqual([]);
    expect((await seen()).actions[0]?.why).toContain('--allow-actions');
    const answer = await act(inspector, `${at}/actions/approve`, { digest: (await seen()).digest });
    expect([answer.status, answer.json.error?.code]).toEqual([403, 'ACTIONS_OFF']);
    expect((await service.describeImprovement(taskId)).state).toBe('planning.awaiting_approval');
  });

  test('approve exactly the plan that was shown, under the name of who acts', async () => {
    const { inspector, at, seen, service } = await waitingPlan({ allowActions: true, by: 'ann' });
    const shown = await seen();
    expect(enabled(shown)).toEqual(['approve', 'reject', 'cancel']);
    expect(shown.events.filter(({ canBeTaken }) => canBeTaken).map(({ type }) => type)).toEqual([
      'APPROVE',
      'CANCEL',
      'REJECT',
    ]);
    expect(shown.events.some(({ type }) => type.startsWith('xstate.'))).toBe(false);
    expect((await act(inspector, `${at}/actions/approve`, {})).json.error?.code).toBe(
      'INSPECTOR_REQUEST_INVALID',
    );
    expect((await act(inspector, `${at}/actions/approve`, { digest: 'x' })).json.error?.code).toBe(
      'APPROVAL_VOID',
    );
    const { json } = await act(inspector, `${at}/actions/approve`, {
      digest: shown.digest,
      why: 'looks good',
    });
    expect(json).toMatchObject({ done: true, state: 'planning.ready' });
    expect((await seen()).signatures).toMatchObject([{ what: 'approved', by: 'ann', why: 'looks good' }]);
    expect((await service.executeImprovement()).status).toBe('completed');
  });

  test('reject, cancel and roll back; what does not fit is refused with its reason', async () => {
    const one = await waitingPlan({ allowActions: true });
    expect((await act(one.inspector, `${one.at}/actions/confirm`, {})).json.error?.code).toBe(
      'TASK_WRONG_STATE',
    );
    expect((await act(one.inspector, `${one.at}/actions/reject`, { why: 'no' })).json.state).toBe(
      'cancelled',
    );
    expect(enabled(await one.seen())).toEqual([]);
    const two = await waitingPlan({ allowActions: true });
    expect((await act(two.inspector, `${two.at}/actions/cancel`, {})).json.state).toBe('cancelled');
    const { inspector, at, seen, service, project, taskId } = await waitingPlan({ allowActions: true });
    await service.approveImprovement(taskId, { by: 'ann' });
    await service.executeImprovement();
    expect(enabled(await seen())).toEqual(['rollback']);
    expect(project.text('src/a.ts')).toBe('watched\n');
    writeFileSync(project.at('src/a.ts'), 'somebody else');
    const refused = await act(inspector, `${at}/actions/rollback`, {});
    expect([refused.status, refused.json.error?.code]).toEqual([409, 'ROLLBACK_CONFLICT']);
    const done = await act(inspector, `${at}/actions/rollback`, { force: true });
    expect(done.json).toMatchObject({ done: true, state: 'rolled_back' });
    expect((await seen()).rollback?.displaced).toMatchObject([{ path: 'src/a.ts' }]);
  });

  test('never an event of XState, nor another word', async () => {
    const { inspector, at } = await waitingPlan({ allowActions: true });
    for (const action of ['xstate.done.actor.runChecks', 'execute', '__proto__', 'constructor'])
      expect((await act(inspector, `${at}/actions/${action}`, {})).status, action).toBe(404);
    expect((await act(inspector, `${at}/actions/cancel`, { type: 'xstate.stop' })).status).toBe(400);
    expect((await act(inspector, 'api/actors/x:0/events', { type: 'xstate.stop' })).status).toBe(404);
  });
});
