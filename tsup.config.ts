import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'machines/index': 'machines/index.ts',
    'testing/index': 'src/testing/index.ts',
    'cli/main': 'src/cli/main.ts',
  },
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  // Entries share their modules: one MoultError class and one machine, whichever entry they are imported from.
  splitting: true,
  dts: true,
  clean: true,
  sourcemap: true,
});
