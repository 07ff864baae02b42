/**
 * The form under which a file system that ignores case finds a name: two names with the same folded form may be one file.
 * Covers macOS (case, normalisation, ignored code points), Windows and the case-folding ext4 of Linux. Where they differ
 * it errs on the side of "the same".
 */
export function foldPath(path: string): string {
  if (!/[^ -~]/.test(path)) return path.toLowerCase(); // Plain ASCII, which nearly all paths are.
  const visible = path.replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  // Up and down again: some letters, as the long s or the Kelvin sign, meet their twins only on one of the two ways.
  return visible.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
}
