/** Parses JSON. @throws what `refuse` makes of a reason that names the line and column. */
export function parseJson(text: string, refuse: (reason: string) => Error): unknown {
  if (text.trim() === '') throw refuse('it is empty');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const { message } = error as SyntaxError;
    const { line, column } = lineAndColumn(text, positionOf(text, message));
    throw refuse(`it is not JSON: line ${line}, column ${column}: ${whatOnly(message)}`);
  }
}

/** The engine tells the place only with some of its messages. */
function positionOf(text: string, message: string): number {
  const told = /at position (\d+)/.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  return isUnexpectedToken(message) ? firstUnexpected(text) : text.length;
}

/** The shortest beginning of the text that holds the unexpected token ends with it. */
function firstUnexpected(text: string): number {
  let [fine, wrong] = [0, text.length];
  while (fine + 1 < wrong) {
    const middle = Math.floor((fine + wrong) / 2);
    if (endsBeforeError(text.slice(0, middle))) fine = middle;
    else wrong = middle;
  }
  return wrong - 1;
}

function endsBeforeError(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    return !isUnexpectedToken((error as SyntaxError).message);
  }
}

function isUnexpectedToken(message: string): boolean {
  return message.startsWith('Unexpected token');
}

function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Without the place, which is named already, and without the text around it. */
function whatOnly(message: string): string {
  const what = message
    .replace(/ in JSON at position.*$/s, '')
    .replace(/, (\.\.\.)?".*is not valid JSON$/s, '');
  return what.charAt(0).toLowerCase() + what.slice(1);
}
