import type { Style } from './style.js';
import { visible } from '../../wording/visible.js';

/** A unified diff for a terminal: coloured by line, with nothing hidden in it. */
export function diffLines(diff: string, style: Style): string[] {
  return diff
    .trimEnd()
    .split('\n')
    .map((line) => paintOf(line, style)(visible(line)));
}

function paintOf(line: string, style: Style): (text: string) => string {
  if (line.startsWith('+++ ') || line.startsWith('--- ')) return style.bold;
  if (line.startsWith('@@')) return style.cyan;
  if (line.startsWith('+')) return style.green;
  return line.startsWith('-') ? style.red : (text) => text;
}
