import * as path from 'node:path';
import { visibleLine } from '../../wording/visible.js';

/** An absolute path as a person can use it from the current directory: relative where it lies below. */
export function shortPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  const isBelow = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return visibleLine(isBelow ? relative : file);
}
