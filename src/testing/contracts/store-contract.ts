import { deepStrictEqual, ok, rejects } from 'node:assert/strict';
import { casesOf, type Subject } from './cases-of.js';
import type { ContractCase } from './contract-case.js';

/** Where a host keeps the snapshots of a machine. */
export interface SnapshotStore {
  /** Resolves when the snapshot would survive the end of the process. */
  save(taskId: string, snapshot: unknown): Promise<void>;
  /** The newest snapshot; null where nothing was saved. */
  load(taskId: string): Promise<unknown>;
}

export interface StoreSubject extends Subject {
  /** Opens the store as a new process would: it knows nothing but what was saved. */
  open(): Promise<SnapshotStore> | SnapshotStore;
  /** From then on nothing can be written, as on a full disk. Without it that case is left out. */
  fill?(): Promise<void> | void;
}

const snapshot = (step: number) => ({
  status: 'active',
  value: { implementing: 'applying' },
  context: { taskId: 'si-1', step, appliedPaths: ['src/ä b.ts', 'line\nbreak', '💥'], failure: null },
});

const cases: Record<string, (subject: StoreSubject) => Promise<void>> = {
  'answers null for a task it was never told of': async (subject) => {
    deepStrictEqual(await (await subject.open()).load('si-404'), null);
  },
  'gives another process what was saved': async (subject) => {
    await (await subject.open()).save('si-1', snapshot(1));
    deepStrictEqual(await (await subject.open()).load('si-1'), snapshot(1));
  },
  'keeps the newest snapshot': async (subject) => {
    const store = await subject.open();
    for (const step of [1, 2, 3]) await store.save('si-1', snapshot(step));
    deepStrictEqual(await (await subject.open()).load('si-1'), snapshot(3));
  },
  'keeps the order of saves that were not waited for': async (subject) => {
    const store = await subject.open();
    const steps = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(steps.map((step) => store.save('si-1', snapshot(step))));
    deepStrictEqual(await (await subject.open()).load('si-1'), snapshot(19));
  },
  'replaces a long snapshot by a short one': async (subject) => {
    const store = await subject.open();
    await store.save('si-1', { ...snapshot(1), context: { output: 'x'.repeat(1_000_000) } });
    await store.save('si-1', snapshot(2));
    deepStrictEqual(await (await subject.open()).load('si-1'), snapshot(2));
  },
  'keeps tasks apart': async (subject) => {
    const store = await subject.open();
    await store.save('si-1', snapshot(1));
    await store.save('si-11', snapshot(11));
    deepStrictEqual(await (await subject.open()).load('si-1'), snapshot(1));
    deepStrictEqual(await (await subject.open()).load('si-11'), snapshot(11));
  },
  'keeps what it was given, whatever becomes of the object': async (subject) => {
    const store = await subject.open();
    const given = snapshot(1);
    const saved = store.save('si-1', given);
    given.context.step = 99;
    given.context.appliedPaths.push('later');
    await saved;
    deepStrictEqual(await store.load('si-1'), snapshot(1));
  },
  'gives each caller a copy of its own': async (subject) => {
    const store = await subject.open();
    await store.save('si-1', snapshot(1));
    const first = (await store.load('si-1')) as ReturnType<typeof snapshot>;
    first.context.step = 99;
    deepStrictEqual(await store.load('si-1'), snapshot(1));
  },
  'refuses an id that is a path': async (subject) => {
    const store = await subject.open();
    await rejects(async () => store.save('../si-1', snapshot(1)));
  },
};

const full: Record<string, (subject: StoreSubject) => Promise<void>> = {
  'says so where it cannot save, and still has the snapshot before': async (subject) => {
    const store = await subject.open();
    await store.save('si-1', snapshot(1));
    await subject.fill?.();
    await rejects(async () => store.save('si-1', snapshot(2)), 'a save that did not happen must reject');
    deepStrictEqual(await (await subject.open()).load('si-1'), snapshot(1));
  },
};

/**
 * What a store of snapshots must do for the machine's promises to hold: durable, ordered, independent copies.
 *
 * @param make Makes an empty store for each case.
 * @param options `canFill`: the subjects have `fill`. Default false.
 */
export function storeContract(
  make: () => Promise<StoreSubject> | StoreSubject,
  { canFill = false }: { canFill?: boolean } = {},
): ContractCase[] {
  ok(typeof make === 'function', 'storeContract takes a function that makes a store');
  return casesOf(make, canFill ? { ...cases, ...full } : cases);
}
