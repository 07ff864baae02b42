import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runGuard } from './run-guard.js';

export { runGuard };

const file = fileURLToPath(import.meta.url);
const started = process.argv[1];

// `moult supervise` imports this file out of the state directory; started by itself it is a program of its own.
if (started !== undefined && realpathSync(started) === realpathSync(file))
  process.exit(await runGuard(process, process.argv.slice(2), path.dirname(file)));
