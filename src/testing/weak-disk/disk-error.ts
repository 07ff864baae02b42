import { constants } from 'node:os';

/** An error as the system words it. */
export function diskError(code: string, call: string, path?: string): NodeJS.ErrnoException {
  const message = `${code}: ${call}${path === undefined ? '' : ` '${path}'`}`;
  const errno = -((constants.errno as Record<string, number>)[code] ?? 0);
  return Object.assign(new Error(message), {
    ...{ code, errno, syscall: call },
    ...(path === undefined ? {} : { path }),
  });
}
