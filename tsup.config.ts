import { defineConfig } from 'tsup';

const page = 'inspector-page';
const guard = 'guard';

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
    clean: [`!${page}/**`, `!${guard}/**`],
    sourcemap: true,
  },
  {
    // The guard is one file that needs nothing but Node: no change of the project or of moult can break it.
    entry: { guard: 'src/guard/main.ts' },
    outDir: `dist/${guard}`,
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    noExternal: [/./],
    splitting: false,
    outExtension: () => ({ js: '.mjs' }),
    // Some of what is bundled asks for Node's modules by require.
    banner: {
      js: "import { createRequire as moultRequire } from 'node:module'; const require = moultRequire(import.meta.url);",
    },
    clean: true,
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
