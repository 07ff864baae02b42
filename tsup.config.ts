import { defineConfig } from 'tsup';

const page = 'inspector-page';

export default defineConfig([
  {
    entry: {
      index: 'src/index.ts',
      'machines/index': 'machines/index.ts',
      'inspector/index': 'src/inspector/index.ts',
      'testing/index': 'src/testing/index.ts',
      'mcp/index': 'src/mcp/index.ts',
      'cli/main': 'src/cli/main.ts',
    },
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    // Entries share their modules: one MoultError class and one machine, whichever entry they are imported from.
    splitting: true,
    // The layout of charts: one large file, loaded by nothing else than a chart.
    noExternal: ['elkjs'],
    dts: true,
    // Both builds run at once: each cleans its own folder only.
    clean: [`!${page}/**`],
    sourcemap: true,
  },
  {
    // What the browser gets: one script and one style, with everything they need, so that the page asks nobody else.
    entry: { page: 'src/inspector/page/main.tsx' },
    outDir: `dist/${page}`,
    format: ['iife'],
    target: 'es2022',
    platform: 'browser',
    noExternal: [/./],
    outExtension: () => ({ js: '.js' }),
    minify: true,
    clean: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfig: 'src/inspector/page/tsconfig.json',
  },
]);
