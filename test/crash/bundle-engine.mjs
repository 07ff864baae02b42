import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Puts the engine and all it imports into one file: a process of the campaign starts in half the time. */
export async function bundleEngine(entry, outfile) {
  await build({
    entryPoints: [entry.startsWith('file:') ? fileURLToPath(entry) : entry],
    outfile,
    bundle: true,
    minifySyntax: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    // What is CommonJS among the packages asks for built-in modules by `require`.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
  });
  return outfile;
}
