/** A file before and after a change, with something of everything that a diff shows. */
export const sampleBefore = `import { setTimeout as wait } from 'node:timers/promises';
import type { Storage } from './storage.js';

/** How often an upload is tried. */
const attempts = 1;

export async function upload(storage: Storage, name: string, bytes: Uint8Array): Promise<void> {
  // One try is all there is.
  await storage.put(name, bytes);
}

export function describe(name: string): string {
  return \`upload of \${name}\`;
}

export const limits = {
  bytes: 50 * 1024 * 1024,
  parts: 10_000,
  names: /^[a-z0-9/_-]+$/,
};
`;
export const sampleAfter = sampleBefore
  .replace('const attempts = 1;', 'const attempts = 5;\nconst firstDelayMs = 250;')
  .replace(
    '  // One try is all there is.\n  await storage.put(name, bytes);',
    `  for (let attempt = 1; ; attempt += 1) {
    try {
      return await storage.put(name, bytes);
    } catch (error) {
      if (attempt === attempts) throw error;
      await wait(firstDelayMs * 2 ** attempt);
    }
  }`,
  )
  .replace('parts: 10_000', 'parts: 1_000');
