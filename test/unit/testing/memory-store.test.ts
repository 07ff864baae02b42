import { describe, expect, it } from 'vitest';
import { memoryStore, storeContract } from '../../../src/testing/index.js';

describe('memoryStore', () => {
  for (const { name, run } of storeContract(memoryStore, { canFill: true })) it(name, run);

  it('tells what was saved, in order, as JSON has it', async () => {
    const store = memoryStore();
    const snapshot = { value: 'one', at: new Date(0) };
    await store.open().save('si-1', snapshot);
    await store.open().save('si-2', { value: 'two' });
    expect(store.saves).toEqual([
      { taskId: 'si-1', snapshot: { value: 'one', at: '1970-01-01T00:00:00.000Z' } },
      { taskId: 'si-2', snapshot: { value: 'two' } },
    ]);
  });
});
