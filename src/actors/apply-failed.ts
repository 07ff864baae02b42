import { MoultError } from '../errors/moult-error.js';

/** Names the path at which the file system refused; our own errors say more than that already. */
export function applyFailed(path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof MoultError || (error as Error).name === 'AbortError') throw error;
    throw new MoultError('APPLY_FAILED', { path, reason: (error as Error).message }, { cause: error });
  };
}
