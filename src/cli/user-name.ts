import { userInfo } from 'node:os';

/** Who sits there, as the system knows them. */
export function userName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch (error) {
    // A container may run under a number that no user has.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
    return env.USER ?? env.USERNAME ?? 'unknown';
  }
}
