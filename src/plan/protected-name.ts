import { foldPath } from './fold-path.js';

/**
 * Why a path belongs to git or to this tool under some spelling of some file system; null where it does not.
 */
export function protectedName(components: readonly string[]): string | null {
  const names = components.map(plainestName);
  // `git~1` is the short name Windows gives to `.git`.
  if (names.some((name) => /^(\.git|git~\d+)$/.test(name))) return 'it belongs to git';
  const [first = ''] = names;
  if (/^(\.moult|moult~\d+)$/.test(first)) return "it is the tool's own state";
  // Also that of another project below.
  if (names.some((name) => /^(moult\.config(\..*)?|moultc~\d+(\..*)?)$/s.test(name)))
    return "it is the tool's own configuration";
  return null;
}

/** NTFS reads `name:stream` and `name. .` as `name`; ZFS can be told to take compatible letters for the plain ones. */
function plainestName(component: string): string {
  return foldPath(component.normalize('NFKC'))
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '');
}
