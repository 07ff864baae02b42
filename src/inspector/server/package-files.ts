import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MoultError } from '../../errors/moult-error.js';

export interface PageFiles {
  script: string;
  style: string;
}

/** The folder of this package, from the sources as from what was built. */
const packageFolder = above(path.dirname(fileURLToPath(import.meta.url)));

/** Of moult. */
export const packageVersion = (
  JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as { version: string }
).version;

/** What the browser gets. @throws INSPECTOR_PAGE_MISSING */
export async function readPageFiles(): Promise<PageFiles> {
  const [script, style] = await Promise.all(['page.js', 'page.css'].map(readBuilt));
  return { script: script!, style: style! };
}

async function readBuilt(name: string): Promise<string> {
  const file = path.join(packageFolder, 'dist/inspector-page', name);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new MoultError('INSPECTOR_PAGE_MISSING', { file }, { cause: error });
  }
}

function above(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : above(path.dirname(folder));
}
