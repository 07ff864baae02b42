import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

const page = 'inspector-page';
const guard = 'guard';

/** Puts the licences of the packages whose code is in a bundle beside it. */
const licences = (outDir: string): NonNullable<Options['esbuildPlugins']>[number] => ({
  name: 'licences',
  setup(build) {
    build.initialOptions.metafile = true;
    build.onEnd(({ metafile }) => {
      const inputs = Object.keys(metafile?.inputs ?? {}).join('\n');
      const packages = inputs.match(/(?<=node_modules\/)(@[^/]+\/)?[^/]+(?=\/)/g) ?? [];
      const texts = [...new Set(packages)].sort().map((name) => {
        const folder = `node_modules/${name}`;
        const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as {
          version: string;
          license: string;
        };
        const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
        if (file === undefined) throw new Error(`${name} has no file with its licence`);
        return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, 'utf8')}`;
      });
      mkdirSync(outDir, { recursive: true });
      writeFileSync(`${outDir}/THIRD-PARTY-LICENSES.txt`, texts.join(`\n${'-'.repeat(80)}\n\n`));
    });
  },
});

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
    esbuildPlugins: [licences('dist')],
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
    esbuildPlugins: [licences(`dist/${guard}`)],
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
    esbuildPlugins: [licences(`dist/${page}`)],
    outExtension: () => ({ js: '.js' }),
    minify: true,
    clean: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfig: 'src/inspector/page/tsconfig.json',
  },
]);
