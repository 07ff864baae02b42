import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { say } from './say.mjs';

const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Runs the command line of the original on the copy, and shows what it says as it says it. */
export async function runMoult({ root }, ...args) {
  const startedAt = performance.now();
  say(`$ moult ${args.map((arg) => path.basename(arg)).join(' ')}`);
  const child = spawn(process.execPath, [cli, ...args, '--root', root], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => say(`  | ${line}`));
  }
  const [exitCode] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...end) => resolve(end));
  });
  say(`exit code ${exitCode}, after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return { exitCode };
}
