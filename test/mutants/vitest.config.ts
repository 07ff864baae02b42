import { defineConfig } from 'vitest/config';

/** The tests that know the mutated folders, without those that build, start processes or take long. */
export default defineConfig({
  test: {
    include: [
      'test/unit/{store,workspace,plan,errors}/**/*.test.ts',
      'test/model/*.test.ts',
      'test/integration/*.test.ts',
    ],
    exclude: ['test/integration/scale.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
