import { MoultError } from '../errors/moult-error.js';
import { foldPath } from './fold-path.js';

/**
 * Refuses a plan whose paths get in each other's way on any system.
 *
 * @throws MoultError PATH_DUPLICATE for a path that comes twice, for two that differ only in case or Unicode form, and
 * for one that lies below another.
 */
export function requireDistinctPaths(paths: readonly string[]): void {
  // With the separator as the lowest character, what lies below a path follows directly after it.
  const sorted = paths
    .map((path) => ({ path, key: foldPath(path).replaceAll('/', '\0') }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  for (const [position, { path, key }] of sorted.entries()) {
    const previous = sorted[position - 1];
    if (previous === undefined) continue;
    const details = { path, other: previous.path };
    if (path === previous.path) throw new MoultError('PATH_DUPLICATE', { ...details, relation: 'same' });
    if (key === previous.key) throw new MoultError('PATH_DUPLICATE', { ...details, relation: 'spelling' });
    if (key.startsWith(`${previous.key}\0`)) {
      throw new MoultError('PATH_DUPLICATE', { ...details, relation: 'below' });
    }
  }
}
