import type { UndeclaredReport } from '../../machines/improvement-types.js';
import type { Undeclared } from './find-undeclared.js';

/**
 * The findings for people.
 *
 * @param restored paths that were put back; null where nothing was to be.
 * @param failed paths whose failure is reported already.
 */
export function reportUndeclared(
  { changes, more, unknown }: Undeclared,
  restored: ReadonlySet<string> | null,
  failed: ReadonlySet<string> = new Set(),
): UndeclaredReport {
  return {
    changes: changes.map(({ path, kind, doubt }) => {
      if (restored === null || restored.has(path)) return { path, kind, restored: restored !== null };
      const missing = more > 0 ? 'there were too many' : 'its bytes were not kept';
      const reason = failed.has(path) ? 'it could not be put back' : (doubt ?? missing);
      return { path, kind, restored: false, reason };
    }),
    more,
    unknown,
  };
}
