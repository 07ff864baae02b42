import { lstat, readFile, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { defaultChecks } from '../../checks/default-checks.js';
import { MoultError } from '../../errors/moult-error.js';
import type { ValidationCheck } from '../../improvement.js';
import { nodeFileSystem } from '../../ports/node-file-system.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { shortPath } from '../render/short-path.js';
import type { Report } from '../report.js';

const fileName = 'moult.config.json';
const configurations = [fileName, 'moult.config.js', 'moult.config.mjs'];

/** Cannot pass before somebody has put a real command there. */
const example: ValidationCheck = {
  name: 'Example',
  type: 'custom',
  command: 'replace-this-with-your-test-command',
  required: true,
};

/** Writes a configuration from what the project has. */
export async function init({ root, io }: Cli): Promise<Report> {
  await refuseNoFolder(root);
  await refuseSecond(root);
  const found = await defaultChecks({ fileSystem: nodeFileSystem, root, skipTests: false });
  const checks = found.length > 0 ? found : [example];
  const file = path.join(root, fileName);
  const content = `${JSON.stringify({ checks }, null, 2)}\n`;
  await create(file, content);
  return {
    exitCode: exitCode.done,
    document: { created: file, config: { checks }, ...(found.length > 0 ? {} : { hint }) },
    text: [`Wrote ${shortPath(file, io.cwd())}:`, '', content, found.length > 0 ? whatNext : hint].join('\n'),
  };
}

const whatNext = 'These checks judge every change. Edit them as you like, and commit the file.';
const hint = `package.json has no build, lint or test script. Put your own command in ${fileName} before the first improvement.`;

async function refuseNoFolder(root: string): Promise<void> {
  const isFolder = await stat(root).then((stats) => stats.isDirectory(), falseIfAbsent);
  if (!isFolder) throw new MoultError('NOT_A_PROJECT', { root, reason: 'there is no such folder' });
}

async function refuseSecond(root: string): Promise<void> {
  for (const name of configurations) {
    const source = path.join(root, name);
    if (await lstat(source).then(() => true, falseIfAbsent))
      throw new MoultError('CONFIG_EXISTS', { source });
  }
  const source = path.join(root, 'package.json');
  if (await hasOwnKey(source))
    throw new MoultError('CONFIG_EXISTS', { source: `the key "moult" of ${source}` });
}

async function hasOwnKey(source: string): Promise<boolean> {
  const text = await readFile(source, 'utf8').catch(falseIfAbsent);
  if (text === false) return false;
  try {
    const value = JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
    return typeof value === 'object' && value !== null && 'moult' in value;
  } catch (error) {
    throw new MoultError('CONFIG_UNREADABLE', { source, reason: (error as Error).message }, { cause: error });
  }
}

async function create(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new MoultError('CONFIG_EXISTS', { source: file }, { cause: error });
  }
}

function falseIfAbsent(error: unknown): false {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return false;
  throw error;
}
