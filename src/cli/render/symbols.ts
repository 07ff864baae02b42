/** Marks of one column each. */
export interface Symbols {
  passed: string;
  failed: string;
  warned: string;
  stopped: string;
  spinner: readonly string[];
}

const drawn: Symbols = {
  passed: '✔',
  failed: '✖',
  warned: '▲',
  stopped: '■',
  spinner: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'],
};
const typed: Symbols = { passed: '+', failed: 'x', warned: '!', stopped: '-', spinner: [...'|/-\\'] };

/** Typed ones where the terminal has no font for the others. */
export function symbolsFor({ env, platform }: { env: NodeJS.ProcessEnv; platform: string }): Symbols {
  const isOldWindows = platform === 'win32' && env.WT_SESSION === undefined && env.TERM === undefined;
  return env.TERM === 'linux' || isOldWindows ? typed : drawn;
}
