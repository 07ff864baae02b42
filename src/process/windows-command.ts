import { existsSync } from 'node:fs';
import * as path from 'node:path';

export interface WindowsCommand {
  command: string;
  args: readonly string[];
  options: { windowsVerbatimArguments?: boolean };
}

/**
 * How to start `command` on Windows. Node starts no `.cmd` or `.bat` file by itself: they go through `cmd.exe`, with
 * every argument escaped for it. A command line for `cmd.exe` itself is passed on as it is.
 */
export function toWindowsCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  exists: (file: string) => boolean = existsSync,
): WindowsCommand {
  if (/^cmd(\.exe)?$/i.test(path.win32.basename(command))) {
    return { command, args, options: { windowsVerbatimArguments: true } };
  }
  const file = findProgram(command, env, exists);
  if (file === null || !/\.(cmd|bat)$/i.test(file)) return { command: file ?? command, args, options: {} };
  const line = [escapeForCmd(path.win32.normalize(file)), ...args.map(quoteForCmd)].join(' ');
  return {
    command: variable(env, 'ComSpec') ?? 'cmd.exe',
    args: ['/d', '/s', '/c', `"${line}"`],
    options: { windowsVerbatimArguments: true },
  };
}

function findProgram(
  command: string,
  env: NodeJS.ProcessEnv,
  exists: (file: string) => boolean,
): string | null {
  const folders = /[\\/]/.test(command) ? [''] : (variable(env, 'PATH') ?? '').split(';').filter(Boolean);
  const endings = (variable(env, 'PATHEXT') ?? '.COM;.EXE;.BAT;.CMD').split(';');
  const names =
    path.win32.extname(command) === '' ? endings.map((ending) => command + ending.toLowerCase()) : [command];
  const files = folders.flatMap((folder) => names.map((name) => path.win32.join(folder, name)));
  return files.find(exists) ?? null;
}

function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const key = Object.keys(env).find((candidate) => candidate.toUpperCase() === name.toUpperCase());
  return key === undefined ? undefined : env[key];
}

/** Quotes for the program's own parser; `cmd.exe` reads the line twice on its way through a `.cmd` file. */
function quoteForCmd(argument: string): string {
  const quoted = `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`;
  return escapeForCmd(escapeForCmd(quoted));
}

const escapeForCmd = (text: string) => text.replace(/([()\][%!^"`<>&|;, *?])/g, '^$1');
