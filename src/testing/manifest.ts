import { realpath } from 'node:fs/promises';
import * as path from 'node:path';
import { gitDirectories, type GitDirectories } from './git-directories.js';
import { gitManifest, type GitManifest } from './git-manifest.js';
import { manifestEntry, type ManifestEntry } from './manifest-entry.js';
import { walk, type Visit } from './walk.js';

/** What a directory held at one moment: plain JSON, to be compared with `diffManifests`. */
export interface Manifest {
  /** Every path at and below the directory, relative to it with forward slashes; `.` is the directory itself. */
  entries: Record<string, ManifestEntry>;
  /** Every git repository in it, by the path of its working tree; else the one around it, as `../..`. */
  git: Record<string, GitManifest>;
}

export interface ManifestOptions {
  /** Also record modification times. Default false. */
  times?: boolean;
}

/**
 * Records all that a directory holds: names, types, modes, bytes, links, empty directories, and what git keeps beside
 * them (index, HEAD, refs, stashes, a merge in progress, configuration, hooks, objects; not `moult`'s state). git is
 * not run. In a name that is not UTF-8, each byte from 0x80 is
 * written as the lone surrogate U+DC00 plus that byte.
 *
 * @throws the file system's error where the directory is missing, or changes while it is being read.
 */
export async function manifest(directory: string, options: ManifestOptions = {}): Promise<Manifest> {
  const root = await realpath(directory);
  const entries = new Map<string, ManifestEntry>();
  const git = new Map<string, GitManifest>();
  await walk(Buffer.from(root), async (found) => {
    const repository = await repositoryAt(found);
    if (repository) git.set(path.posix.dirname(found.path), await gitManifest(repository));
    if (repository && !found.stats.isSymbolicLink()) return false;
    entries.set(found.path || '.', await manifestEntry(found.file, found.stats, options.times ?? false));
    return true;
  });
  const around = git.has('.') ? {} : await enclosing(root);
  return { entries: Object.fromEntries(entries), git: { ...around, ...Object.fromEntries(git) } };
}

async function repositoryAt({ file, path: name }: Visit): Promise<GitDirectories | null> {
  const place = file.toString();
  // Below a name that is not UTF-8, a repository is recorded as the files it is made of.
  if (path.posix.basename(name) !== '.git' || !Buffer.from(place).equals(file)) return null;
  return gitDirectories(place);
}

/** The repository that the directory lies in, if any. */
async function enclosing(root: string): Promise<Record<string, GitManifest>> {
  for (let top = path.dirname(root); top !== path.dirname(top); top = path.dirname(top)) {
    const repository = await gitDirectories(path.join(top, '.git'));
    if (repository) return { [slashed(path.relative(root, top))]: await gitManifest(repository) };
  }
  return {};
}

function slashed(relative: string): string {
  return relative.split(path.sep).join('/');
}
