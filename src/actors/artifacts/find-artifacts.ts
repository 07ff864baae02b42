import * as path from 'node:path';
import { nullIfAbsent } from '../../errors/null-if-absent.js';
import { foldersOf } from '../../git/folders-of.js';
import { globMatcher } from '../../plan/glob-matcher.js';
import { mayHoldMatch } from '../../plan/may-hold-match.js';
import { outsidePlan } from '../../plan/outside-plan.js';
import type { Plan } from '../../plan/plan.js';
import type { FileSystem } from '../../ports/file-system.js';
import { forEachDirectory, type DirectoryEntry } from '../../workspace/for-each-directory.js';

export interface ArtifactPlace {
  fileSystem: FileSystem;
  /** The real path of the project root. */
  root: string;
  plan: Pick<Plan, 'paths' | 'artifacts'>;
  /** Absolute. */
  stateDirectory: string;
}

export interface FoundArtifacts {
  /** What the configuration names, topmost, so that each can be put back by a rename. */
  paths: string[];
  /** What lies on another device than the state, which no rename reaches. */
  outOfReach: string[];
}

/**
 * Finds what was built. A folder in which a planned path lies is not one piece: its entries are. Below `node_modules` only
 * patterns are looked for that name it.
 */
export async function findArtifacts({
  fileSystem: fs,
  root,
  plan,
  stateDirectory,
}: ArtifactPlace): Promise<FoundArtifacts> {
  const found: FoundArtifacts = { paths: [], outOfReach: [] };
  const patterns = plan.artifacts ?? [];
  if (patterns.length === 0) return found;
  const state = path.relative(root, stateDirectory).split(path.sep).join('/');
  const dev = await deviceOf(fs, stateDirectory);
  const divided = new Set([state, ...plan.paths.map((planned) => planned.path)].flatMap(foldersOf));
  const isArtifact = globMatcher(patterns);
  const mayHold = mayHoldMatch(patterns);
  const isOutside = outsidePlan(plan);
  const mayBeMoved = ({ path: file }: DirectoryEntry) => isOutside(file) && file !== state;
  const isWhole = (entry: DirectoryEntry) => isArtifact(entry.path) && !divided.has(entry.path);
  const namesModules = patterns.some((pattern) => pattern.includes('node_modules'));
  const enters = (entry: DirectoryEntry) =>
    mayBeMoved(entry) &&
    !isWhole(entry) &&
    (isArtifact(entry.path) || mayHold(entry.path)) &&
    (namesModules || path.posix.basename(entry.path) !== 'node_modules');
  await forEachDirectory({ fs, root, enters }, '', (entries) => {
    for (const entry of entries.filter((one) => mayBeMoved(one) && isWhole(one)))
      (entry.stats.dev === dev ? found.paths : found.outOfReach).push(entry.path);
  });
  return found;
}

/** The state directory may still have to be made. */
async function deviceOf(fs: FileSystem, directory: string): Promise<bigint> {
  const stats = await fs.stat(directory, { bigint: true }).catch(nullIfAbsent);
  return stats ? stats.dev : deviceOf(fs, path.dirname(directory));
}
