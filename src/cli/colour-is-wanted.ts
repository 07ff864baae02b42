/** Whether to colour what goes to a stream: FORCE_COLOR (https://force-color.org), NO_COLOR (https://no-color.org), then the terminal. */
export function colourIsWanted(env: NodeJS.ProcessEnv, stream: { isTTY?: boolean }): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = env;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
