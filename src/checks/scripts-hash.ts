import { createHash } from 'node:crypto';
import { MoultError } from '../errors/moult-error.js';
import type { ValidationCheck } from '../improvement.js';
import { canonicalJson } from '../plan/canonical-json.js';
import type { FileSystem } from '../ports/file-system.js';
import { readPackageScripts } from './read-package-scripts.js';

/** The SHA-256, in hex, of the scripts of package.json that these checks run, with what npm runs before and after. */
export async function scriptsHash(
  fileSystem: Pick<FileSystem, 'readFile'>,
  root: string,
  checks: readonly ValidationCheck[],
): Promise<string> {
  const types = new Set(checks.filter(({ command }) => command === undefined).map(({ type }) => type));
  const scripts = types.size === 0 ? new Map<string, string>() : await scriptsIfReadable(fileSystem, root);
  const run = [...types].flatMap((type) => [`pre${type}`, type, `post${type}`]);
  const texts = Object.fromEntries(run.map((name) => [name, scripts.get(name)]));
  return createHash('sha256').update(canonicalJson(texts)).digest('hex');
}

/** None can be run out of a broken file. */
async function scriptsIfReadable(
  fileSystem: Pick<FileSystem, 'readFile'>,
  root: string,
): Promise<Map<string, string>> {
  try {
    return await readPackageScripts(fileSystem, root);
  } catch (error) {
    if (error instanceof MoultError && error.code === 'CONFIG_UNREADABLE') return new Map();
    throw error;
  }
}
