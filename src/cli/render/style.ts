type Paint = (text: string) => string;

/** Colours and weights of a terminal; without colour each gives its text back. */
export interface Style {
  bold: Paint;
  dim: Paint;
  red: Paint;
  green: Paint;
  yellow: Paint;
  cyan: Paint;
}

const codes: Record<keyof Style, [on: number, off: number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export function createStyle(isColoured: boolean): Style {
  const paints = Object.entries(codes).map(([name, [on, off]]): [string, Paint] => [
    name,
    (text) => (isColoured && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text),
  ]);
  return Object.fromEntries(paints) as unknown as Style;
}
