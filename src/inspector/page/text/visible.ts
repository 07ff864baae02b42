/** Control characters, and those that reorder or hide text. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;

/** What a terminal obeys: colours, cursor moves, titles, links. */
const terminalSequences =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]/g;

/** Text of unknown origin: what an eye would not see, or would see in another order, is written out. Tabs stay. */
export function visible(text: string): string {
  return text.replace(hidden, (character) =>
    character === '\t' ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** The lines of what a program printed, without its colours. Of a line that it drew over, what stood last. */
export function visibleLines(output: string): string[] {
  return output
    .replace(terminalSequences, '')
    .split(/\r*\n/)
    .map((line) => visible(lastDrawn(line.replace(/\r+$/, ''))));
}

/** A progress bar returns to the beginning of its line and draws over it. */
function lastDrawn(line: string): string {
  return line.slice(line.lastIndexOf('\r') + 1);
}
