import type { MoultConfig } from '../config/parse-config.js';
import { MoultError } from '../errors/moult-error.js';
import type { FileImage } from './plan.js';

/** @throws MoultError LIMIT_EXCEEDED for a plan of more files than the configuration allows. */
export function requireFewFiles(files: number, limits: MoultConfig['limits']): void {
  if (files > limits.files) throw exceeded('files', files, limits.files, null);
}

/**
 * @param contents the new bytes of each path.
 * @throws MoultError LIMIT_EXCEEDED for one that is larger, or for all together.
 */
export function requireSmallContents(
  contents: readonly { path: string; bytes: Uint8Array }[],
  limits: MoultConfig['limits'],
): void {
  for (const { path, bytes } of contents)
    if (bytes.length > limits.fileBytes) throw exceeded('fileBytes', bytes.length, limits.fileBytes, path);
  const all = contents.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (all > limits.planBytes) throw exceeded('planBytes', all, limits.planBytes, null);
}

/**
 * Edits, patches and the editor need the text of the file as it is, in memory.
 *
 * @throws MoultError LIMIT_EXCEEDED for a file that is larger than a new one may be.
 */
export function requireReadable(path: string, before: FileImage, limits: MoultConfig['limits']): void {
  if (before.kind === 'file' && before.sizeBytes > limits.fileBytes)
    throw exceeded('fileBytes', before.sizeBytes, limits.fileBytes, path);
}

function exceeded(
  limit: keyof MoultConfig['limits'],
  found: number,
  allowed: number,
  path: string | null,
): MoultError {
  return new MoultError('LIMIT_EXCEEDED', { limit, found, allowed, path });
}
