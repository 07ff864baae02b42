import { hasCode } from './has-code.js';

/** For `catch`: what is not there is null. @throws every other error. */
export function nullIfAbsent(error: unknown): null {
  if (hasCode(error, 'ENOENT')) return null;
  throw error;
}
