import { realpathSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runGuard } from './run-guard.js';

export { runGuard };

const file = fileURLToPath(import.meta.url);
/** PM2 starts a program of its own, which loads the one in this variable. */
const started = [process.argv[1], process.env.pm_exec_path];

// `moult supervise` imports this file out of the state directory; started by itself it is a program of its own.
if (started.some((name) => name !== undefined && realpathSync(name) === realpathSync(file)))
  process.exit(await runGuard(process, process.argv.slice(2), path.dirname(file)));
