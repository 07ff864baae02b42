import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';

/** What `npm init` writes where there are no tests. */
const placeholder = /^echo\s+(["'])Error: no test specified\1\s*&&\s*exit 1$/;

/**
 * The scripts of package.json that do something: blank ones and npm's placeholder for tests are left out. Empty where
 * there is no package.json.
 *
 * @throws MoultError CONFIG_UNREADABLE for a package.json that is not JSON.
 */
export async function readPackageScripts(
  fileSystem: Pick<FileSystem, 'readFile'>,
  root: string,
): Promise<Map<string, string>> {
  const content = await readPackageJson(fileSystem, path.join(root, 'package.json'));
  const scripts = (content as { scripts?: unknown } | null)?.scripts;
  if (typeof scripts !== 'object' || scripts === null) return new Map();
  return new Map(Object.entries(scripts).filter(isRealScript));
}

function isRealScript(entry: [string, unknown]): entry is [string, string] {
  const [, command] = entry;
  return typeof command === 'string' && command.trim() !== '' && !placeholder.test(command.trim());
}

async function readPackageJson(fileSystem: Pick<FileSystem, 'readFile'>, file: string): Promise<unknown> {
  try {
    const text = await fileSystem.readFile(file, 'utf8');
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (!(error instanceof SyntaxError)) throw error;
    throw new MoultError('CONFIG_UNREADABLE', { source: file, reason: error.message }, { cause: error });
  }
}
