import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes when it comes, also on a machine that is busy.
    expect: { poll: { timeout: 30_000 } },
    // Real git and real processes: a machine with two cores must not be asked for more at once.
    maxWorkers: 2,
    typecheck: { enabled: false },
  },
});
