import { homedir } from 'node:os';
import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import { nameToBytes } from './git-name.js';
import type { Repository } from './find-repository.js';
import { hasCode } from '../errors/has-code.js';
import { readIfPresent } from './read-if-present.js';

/** Whether git may keep a file in another form than the working tree has it. */
export interface ConversionRules {
  /** By line ends or keywords: then the sizes differ. */
  mayResize: boolean;
  /** By a filter or an encoding: then even the sizes may be the same. */
  mayRewrite: boolean;
}

/** Attributes that convert, as they stand behind a pattern; `-text` and `binary` do not. */
const resizing = /\s(?:(?:text|crlf|ident)(?:=\S+)?|eol=\S+)(?=\s|$)/m;
const rewriting = /\s(?:filter|working-tree-encoding)(?:=\S+)?(?=\s|$)/m;
/** Settings that convert, or that lead to files which are not read here. */
const converting = /autocrlf(?!\s*=\s*(?:false|no|off|0)\b)|attributesfile|\[\s*include/i;

/**
 * Looks at the attribute files of the project, and at the configuration and attribute files the user's git reads. It only
 * decides whether a closer look is worth its time.
 */
export async function readConversionRules(
  fileSystem: Pick<FileSystem, 'readFile'>,
  { topLevel, gitDir, commonDir }: Repository,
  /** One character per byte. */
  attributeNames: readonly string[],
): Promise<ConversionRules> {
  const top = Buffer.from(`${topLevel}/`);
  const [attributes, configs] = await Promise.all([
    readAll(fileSystem, [
      ...attributeNames.map((name) => Buffer.concat([top, nameToBytes(name)])),
      path.join(commonDir, 'info', 'attributes'),
      ...homeFiles('.config/git/attributes'),
      '/etc/gitattributes',
    ]),
    readAll(fileSystem, [
      path.join(commonDir, 'config'),
      path.join(gitDir, 'config.worktree'),
      ...homeFiles('.gitconfig', '.config/git/config'),
      '/etc/gitconfig',
      '/usr/local/etc/gitconfig',
      '/opt/homebrew/etc/gitconfig',
    ]),
  ]);
  const mayRewrite = rewriting.test(attributes);
  // On Windows git converts line ends unless it is told not to.
  const mayResize = path.sep === '\\' || resizing.test(attributes) || converting.test(configs);
  return { mayResize: mayResize || mayRewrite, mayRewrite };
}

async function readAll(
  fileSystem: Pick<FileSystem, 'readFile'>,
  files: readonly (string | Buffer)[],
): Promise<string> {
  const texts = await Promise.all(files.map((file) => readOrNothing(fileSystem, file)));
  return texts.join('\n');
}

async function readOrNothing(
  fileSystem: Pick<FileSystem, 'readFile'>,
  file: string | Buffer,
): Promise<string> {
  try {
    return (await readIfPresent(fileSystem, file))?.toString('latin1') ?? '';
  } catch (error) {
    // Another user's file: git cannot read it either.
    if (hasCode(error, 'EACCES', 'EPERM', 'ELOOP')) return '';
    throw error;
  }
}

function homeFiles(...names: string[]): string[] {
  try {
    const home = homedir();
    return names.map((name) => path.join(home, name));
  } catch (error) {
    // A user without an entry in the password file has no home.
    if (hasCode(error, 'ERR_SYSTEM_ERROR')) return [];
    throw error;
  }
}
