import type { FileSystem } from '../../../src/ports/file-system.js';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';

type Call = keyof FileSystem;

/** Called before each call of the file system; what it throws, the call throws. */
export type Hook = (call: Call, args: readonly unknown[]) => void | Promise<void>;

/** The real file system, with something done before each call. */
export function hookedFileSystem(hook: Hook): FileSystem {
  return new Proxy(nodeFileSystem, {
    get(target, name) {
      const real = Reflect.get(target, name) as unknown;
      if (typeof real !== 'function') return real;
      return async (...args: unknown[]) => {
        await hook(name as Call, args);
        return (real as (...all: unknown[]) => Promise<unknown>).apply(target, args);
      };
    },
  });
}

/** An error as the kernel gives it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: made up by a test`), { code });
}
