import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { expect } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../../..');

/** The built program: that of `npm run build`, or another one named by MOULT_CLI, as of an installed package. */
export const program = process.env.MOULT_CLI ?? path.join(repository, 'dist/cli/main.js');

if (process.env.MOULT_CLI === undefined) refuseOldBuild();

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  /** Resolves when the process has ended and both its streams are read. */
  ended: Promise<Ended>;
}

interface Options {
  cwd: string;
  /** Standard input. Default: nothing. */
  input?: string | Uint8Array;
  env?: Record<string, string>;
}

/** Starts the built program as a process of its own. */
export function start(args: readonly string[], { cwd, input, env = {} }: Options): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return { child, ended: endOf(child) };
}

/** Runs the built program to its end. */
export function moult(args: readonly string[], options: Options): Promise<Ended> {
  return start(args, options).ended;
}

/** The one document on standard output. Fails where there is more than one, or anything beside it. */
export function documentOf(ended: Ended): Record<string, unknown> {
  expect(ended.stdout, ended.stderr).toMatch(/^\{[^]*\}\n$/);
  return JSON.parse(ended.stdout) as Record<string, unknown>;
}

/** The last line of standard error. */
export function lastLine({ stderr }: Ended): string {
  expect(stderr).toMatch(/\n$/);
  return stderr.trimEnd().split('\n').at(-1) ?? '';
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => (texts[name] += chunk));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, CI, DEBUG, NODE_OPTIONS, ...rest } = process.env;
  void [NO_COLOR, FORCE_COLOR, CI, DEBUG, NODE_OPTIONS];
  const kept = Object.entries(rest).filter(([name]) => !/^(GIT|npm|VITEST)_/i.test(name));
  return { ...Object.fromEntries(kept), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
}

function refuseOldBuild(): void {
  if (!existsSync(program)) throw new Error(`${program} is not there: run \`npm run build\` first.`);
  const builtAt = statSync(program).mtimeMs;
  const newer = ['src', 'machines'].flatMap(sourcesIn).find((file) => statSync(file).mtimeMs > builtAt);
  if (newer !== undefined) throw new Error(`${newer} is newer than the build: run \`npm run build\` first.`);
}

function sourcesIn(folder: string): string[] {
  return readdirSync(path.join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
