import { globMatcher } from './glob-matcher.js';

/** Tells of a folder whether something below it could be named by one of the patterns of `globMatcher`. */
export function mayHoldMatch(patterns: readonly string[]): (folder: string) => boolean {
  const compiled = patterns.map((pattern) => {
    const components = pattern.split('/').filter((component) => component !== '' && component !== '.');
    const open = components.indexOf('**');
    // The pattern of the folders above what it names, at each depth.
    const above = components.map((_, depth) => globMatcher([components.slice(0, depth).join('/')]));
    return { components, open, above };
  });
  return (folder) =>
    compiled.some(({ components, open, above }) => {
      const depth = folder.split('/').length;
      if (open === 0) return true;
      const known = open > 0 ? Math.min(depth, open) : depth;
      return known < components.length && above[known]!(folder.split('/').slice(0, known).join('/'));
    });
}
