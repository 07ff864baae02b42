import { describe, expect, test } from 'vitest';
import { improvementMachineVersion } from '../../../machines/improvement-machine.js';
import { improvementUpgrades } from '../../../machines/improvement-upgrades.js';
import { encodeChecked } from '../../../src/store/checked-file.js';
import { decodeEnvelope } from '../../../src/store/snapshot-envelope.js';
import { upgradeState, type UpgradeSteps } from '../../../src/store/upgrade-state.js';

const steps: UpgradeSteps = {
  1: ({ name, ...rest }) => ({ ...rest, title: String(name) }),
  2: ({ title, ...rest }) => {
    if (typeof title !== 'string') throw new Error('it has no title');
    return { ...rest, titles: [title] };
  },
};
const at = { current: 3, steps, file: 'f', what: 'plan' };

describe('state of an older version', () => {
  test('goes through every step to the present one', () => {
    expect(upgradeState({ ...at, value: { name: 'a', n: 1 }, found: 1 })).toEqual({ titles: ['a'], n: 1 });
    expect(upgradeState({ ...at, value: { title: 'b' }, found: 2 })).toEqual({ titles: ['b'] });
    expect(upgradeState({ ...at, value: { titles: ['c'] }, found: 3 })).toEqual({ titles: ['c'] });
  });

  test('that its version never wrote is damaged', () => {
    const upgrade = () => upgradeState({ ...at, value: { title: 7 }, found: 2 });
    expect(upgrade).toThrow(expect.objectContaining({ code: 'STATE_UNREADABLE' }));
    expect(upgrade).toThrow('it cannot be upgraded from plan 2: it has no title');
  });
});

test.each([4, 0, -1, 1.5, '1', null, undefined])('version %j is refused by name', (found) => {
  const upgrade = () => upgradeState({ ...at, value: {}, found });
  expect(upgrade).toThrow(expect.objectContaining({ code: 'STATE_TOO_NEW' }));
  expect(upgrade).toThrow(`plan ${String(found)}`);
});

test('a snapshot of an older machine is read as one of the present', () => {
  const envelope = {
    format: 1,
    machine: 'improvement',
    machineVersion: 1,
    taskId: 'si-1',
    revision: 4,
    savedAt: '2026-01-01T00:00:00.000Z',
    snapshot: { status: 'active', value: 'checking', context: { taskId: 'si-1' }, children: {} },
  };
  const machine = {
    version: 2,
    steps: { 1: (older: Record<string, unknown>) => ({ ...older, value: { testing: 'running_checks' } }) },
  };
  const read = decodeEnvelope(encodeChecked(envelope), { file: 'f', taskId: 'si-1', machine });
  expect(read).toEqual({
    ...envelope,
    machineVersion: 2,
    snapshot: { ...envelope.snapshot, value: { testing: 'running_checks' } },
  });
});

test('the improvement machine has a step from each of its versions to the next', () => {
  const older = Array.from({ length: improvementMachineVersion - 1 }, (_, index) => String(index + 1));
  expect(Object.keys(improvementUpgrades)).toEqual(older);
});
