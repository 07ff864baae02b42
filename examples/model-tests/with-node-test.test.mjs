// node --test examples/model-tests/with-node-test.test.mjs
import { test } from 'node:test';
import {
  assertFullCoverage,
  crashPoints,
  machineCoverage,
  machinePaths,
  notifierContract,
} from 'moult/testing';
import { outcomes, publishMachine, registry } from './publish-machine.mjs';

const input = { version: '1.2.3' };

test('a real actor goes every path, and nothing of the machine is left out', async () => {
  const coverage = machineCoverage(publishMachine);
  for (const path of machinePaths(publishMachine, { input })) await path.replay({ coverage });
  assertFullCoverage(coverage);
});

test('nothing is published twice, whenever the process dies', async (t) => {
  for (const point of crashPoints(publishMachine, { input, outcomes, world: registry }))
    await t.test(point.description, point.run);
});

/** A notifier of ours, as the contract looks at it. */
function postcards() {
  const sent = [];
  return {
    notifier: { notify: ({ title, message }) => void sent.push(`${title}\n${message}`) },
    delivered: () => sent,
  };
}

for (const { name, run } of notifierContract(postcards)) test(`postcards: ${name}`, run);
