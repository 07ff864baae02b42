import type { Manifest } from './manifest.js';

export interface DiffManifestsOptions {
  /** Paths that may differ, with all that lies below them: as `build`, `.git/index` or `vendor/lib/.git/refs`. */
  ignore?: string[];
}

type Facts = Record<string, unknown>;

/**
 * Says in words what differs between two manifests, a line for each path, in the order of the paths; empty when
 * nothing does. What git keeps is named `.git/…` at its working tree, also where `.git` is a file.
 */
export function diffManifests(
  before: Manifest,
  after: Manifest,
  options: DiffManifestsOptions = {},
): string[] {
  const [old, now] = [factsOf(before), factsOf(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths
    .filter((path) => !isIgnored(path, options.ignore ?? []))
    .flatMap((path) => lineFor(path, old.get(path), now.get(path)));
}

/** A map and no object: a file may be called `constructor`. */
function factsOf({ entries, git }: Manifest): Map<string, Facts> {
  const kept = Object.entries(git).flatMap(([tree, facts]) =>
    Object.entries(facts).map(([name, value]): [string, Facts] => [gitPath(tree, name), { value }]),
  );
  const standing = Object.entries(entries).map(([path, entry]): [string, Facts] => [path, { ...entry }]);
  return new Map([...standing, ...kept]);
}

function gitPath(tree: string, name: string): string {
  const dotGit = tree === '.' ? '.git' : `${tree}/.git`;
  return name === '.git' ? dotGit : `${dotGit}/${name}`;
}

function isIgnored(path: string, ignore: readonly string[]): boolean {
  return ignore.some((item) => path === item || path.startsWith(`${item.replace(/\/$/, '')}/`));
}

function lineFor(path: string, old: Facts | undefined, now: Facts | undefined): string[] {
  const name = printable(path);
  if (!old || !now) return [`${name}: ${old ? 'removed' : 'added'} (${summary(old ?? now ?? {})})`];
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((key) => old[key] !== now[key])
    .map((key) => `${key} ${shown(old[key])} -> ${shown(now[key])}`.replace(/^value /, ''));
  return changed.length === 0 ? [] : [`${name}: ${changed.join(', ')}`];
}

function summary(facts: Facts): string {
  return Object.entries(facts)
    .map(([key, value]) => `${key} ${shown(value)}`.replace(/^(type|value) /, ''))
    .join(', ');
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : printable(`${value as string | number}`);
}

/** As it is where that is one readable line, else quoted and escaped. */
function printable(text: string): string {
  return /^[^\p{Cc}\p{Cs}]+$/u.test(text) ? text : JSON.stringify(text);
}
