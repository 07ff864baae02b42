import { existsSync } from 'node:fs';
import * as path from 'node:path';

/** The repository, of which these tests use what was built; `npm test` builds first. */
export const repository = path.resolve(import.meta.dirname, '../..');

export const builtCli = path.join(repository, 'dist/cli/main.js');

if (!existsSync(builtCli)) throw new Error('Nothing is built: run `npm run build` first, or `npm test`.');
