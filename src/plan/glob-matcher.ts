import { foldPath } from './fold-path.js';

/** A component without wildcards is compared whole; one with wildcards, character by character. */
type Component = string | readonly string[];

/**
 * Tells whether a path is named by one of the patterns. In a pattern `*` is any text within one component, `?` one
 * character of it, and a component `**` any number of components; all else is literal. A pattern that names a folder
 * covers all that is below. Patterns start at the project root: `*.pem` names files in the root only. Case does not
 * count, because for some file systems it does not.
 *
 * The time is bounded by the product of the lengths, whatever the pattern.
 */
export function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  const compiled = patterns.filter((pattern) => pattern !== '').map(compile);
  return (path) => {
    const names = components(path);
    return compiled.some((pattern) => matchesSequence(pattern, names, isAnyFolders, matchesComponent));
  };
}

function components(path: string): string[] {
  const named = (component: string) => component !== '' && component !== '.';
  return foldPath(path).split('/').filter(named);
}

/** With the `**` at the end the pattern covers what is below the path it names. */
function compile(pattern: string): Component[] {
  const isPlain = (component: string) => component === '**' || !/[*?]/.test(component);
  return [...components(pattern), '**'].map((component) => (isPlain(component) ? component : [...component]));
}

const isAnyFolders = (component: Component) => component === '**';

function matchesComponent(pattern: Component, name: string): boolean {
  if (typeof pattern === 'string') return pattern === name;
  const isAnyText = (character: string) => character === '*';
  const isSame = (wanted: string, character: string) => wanted === '?' || wanted === character;
  return matchesSequence(pattern, [...name], isAnyText, isSame);
}

/**
 * Only the last wildcard is ever retried: what stands before it has taken the leftmost place it can have, and no other
 * choice there would leave more for the rest.
 */
function matchesSequence<Pattern>(
  pattern: readonly Pattern[],
  items: readonly string[],
  isWildcard: (wanted: Pattern) => boolean,
  matches: (wanted: Pattern, item: string) => boolean,
): boolean {
  let next = 0;
  let afterWildcard = -1;
  let retryAt = 0;
  for (let at = 0; at < items.length;) {
    const wanted = pattern[next];
    if (wanted !== undefined && isWildcard(wanted)) {
      afterWildcard = ++next;
      retryAt = at;
    } else if (wanted !== undefined && matches(wanted, items[at]!)) {
      next++;
      at++;
    } else if (afterWildcard >= 0) {
      next = afterWildcard;
      at = ++retryAt;
    } else return false;
  }
  return pattern.slice(next).every(isWildcard);
}
