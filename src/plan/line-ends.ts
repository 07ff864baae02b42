import type { Hunk } from './parse-patch.js';

export type LineEnds = 'unix' | 'windows' | 'mixed' | 'none';

export function lineEndsOf(text: string): LineEnds {
  if (!text.includes('\n')) return 'none';
  if (!text.includes('\r\n')) return 'unix';
  return /(^|[^\r])\n/.test(text) ? 'mixed' : 'windows';
}

/**
 * Gives a patch the line ends of its file where it has only the other kind.
 *
 * @param fromWindows the whole patch had Windows line ends, its headers too; here they are gone.
 */
export function fitLineEnds(hunks: readonly Hunk[], file: LineEnds, fromWindows: boolean): readonly Hunk[] {
  if (fromWindows && file !== 'unix') return mapLines(hunks, toWindows);
  if (file === 'windows' && !allLines(hunks).some((line) => /\r\n?$/.test(line)))
    return mapLines(hunks, toWindows);
  if (file === 'unix' && isAllWindows(hunks)) return mapLines(hunks, toUnix);
  return hunks;
}

const toWindows = (line: string) => line.replace(/\n$/, '\r\n');
const toUnix = (line: string) => line.replace(/\r(\n?)$/, '$1');
const allLines = (hunks: readonly Hunk[]) =>
  hunks.flatMap(({ oldLines, newLines }) => [...oldLines, ...newLines]);

/** Only where an old line has a Windows end: a patch that just adds such lines to a Unix file may mean it. */
function isAllWindows(hunks: readonly Hunk[]): boolean {
  const ended = allLines(hunks).filter((line) => line.endsWith('\n'));
  const hasOld = hunks.some(({ oldLines }) => oldLines.some((line) => line.endsWith('\r\n')));
  return hasOld && ended.every((line) => line.endsWith('\r\n'));
}

function mapLines(hunks: readonly Hunk[], change: (line: string) => string): Hunk[] {
  return hunks.map(({ start, oldLines, newLines }) => ({
    start,
    oldLines: oldLines.map(change),
    newLines: newLines.map(change),
  }));
}
