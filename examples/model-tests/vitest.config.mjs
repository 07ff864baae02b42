export default { test: { include: ['with-vitest.test.mjs'], testTimeout: 60_000 } };
