import { MoultError } from '../errors/moult-error.js';
import { foldPath } from './fold-path.js';

/** Whether a file is a package.json under some spelling of some file system. */
export function isManifest(path: string): boolean {
  return /(^|\/)package\.json$/.test(foldPath(path));
}

/**
 * The tool's own configuration can stand in a package.json, and one that is not JSON keeps it from being read: nobody may
 * loosen the rules by a plan, nor keep a rollback from them.
 *
 * @param before null where there is no file; likewise `after`.
 * @throws MoultError PATH_PROTECTED
 */
export function refuseOwnConfiguration(
  path: string,
  before: Uint8Array | null,
  after: Uint8Array | null,
): void {
  if (!isManifest(path)) return;
  const [old, now] = [ownKey(before), ownKey(after)];
  if (now === unreadable && old !== unreadable) throw refused(path, 'it would not be JSON any more');
  if (old !== now) throw refused(path, 'its key "moult" is the tool\'s own configuration');
}

const unreadable = Symbol('not JSON');

/** The configuration as JSON; undefined where there is none. */
function ownKey(bytes: Uint8Array | null): string | undefined | typeof unreadable {
  if (bytes === null) return undefined;
  try {
    const value = JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    ) as unknown;
    return JSON.stringify((value as { moult?: unknown } | null)?.moult);
  } catch (error) {
    if (error instanceof SyntaxError) return unreadable;
    throw error;
  }
}

function refused(path: string, reason: string): MoultError {
  return new MoultError('PATH_PROTECTED', { path, reason });
}
