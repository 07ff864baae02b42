// The machine alone, with actors of your own: the "files" are a Map in memory. What happens is decided by the machine,
// and by nothing else; a database, a remote device or a configuration service can be changed by the same rules.
// Run it with: npm run build && node examples/own-actors.mjs
import assert from 'node:assert/strict';
import { improvementMachine } from 'moult/machines';
import { createActor, fromPromise, waitFor } from 'xstate';

/** One improvement of a Map, judged by `isGood`. */
function machineFor(files, planned, isGood) {
  const before = new Map();
  return improvementMachine.provide({
    actors: {
      assessPlan: fromPromise(async () => {
        for (const name of planned.keys()) before.set(name, files.get(name));
      }),
      backUp: fromPromise(async () => {}),
      createCheckpoint: fromPromise(async () => ({ kind: 'none', reason: 'the files are in memory' })),
      applyChanges: fromPromise(async () => {
        for (const [name, text] of planned) files.set(name, text);
        return [...planned.keys()];
      }),
      runChecks: fromPromise(async () => [checkResult(isGood(files))]),
      sealChanges: fromPromise(async () => {}),
      scheduleRestart: fromPromise(async () => {}),
      rollBack: fromPromise(async () => {
        for (const [name, text] of before) text === undefined ? files.delete(name) : files.set(name, text);
        return { restored: [...before.keys()], kept: [], displaced: [], failed: [] };
      }),
    },
  });
}

function checkResult(passed) {
  return {
    ...{ name: 'is good', type: 'custom', required: true, status: passed ? 'passed' : 'failed' },
    ...{ exitCode: passed ? 0 : 1, signal: null, durationMs: 0, output: '', logPath: null },
  };
}

async function improve(files, planned, isGood) {
  const visited = [];
  const actor = createActor(machineFor(files, planned, isGood), {
    input: {
      ...{ taskId: 'si-1', planDigest: 'none', approvalRequired: false },
      ...{ needsRestart: false, confirmationRequired: false },
    },
  });
  actor.subscribe(({ value }) =>
    visited.push(typeof value === 'string' ? value : Object.entries(value).flat().join('.')),
  );
  actor.start();
  await waitFor(actor, (snapshot) => snapshot.matches({ planning: 'ready' }));
  actor.send({ type: 'EXECUTE' });
  await waitFor(actor, ({ status }) => status === 'done');
  console.log(visited.join(' -> '));
  return visited.at(-1);
}

const files = new Map([['greeting', 'Hello']]);
const isPolite = () => !files.get('greeting').includes('!!');

assert.equal(await improve(files, new Map([['greeting', 'Hello, world']]), isPolite), 'completed');
assert.deepEqual([...files], [['greeting', 'Hello, world']]);

assert.equal(
  await improve(
    files,
    new Map([
      ['greeting', 'HELLO!!'],
      ['more', 'noise'],
    ]),
    isPolite,
  ),
  'rolled_back',
);
assert.deepEqual([...files], [['greeting', 'Hello, world']]);
