import { readFileSync } from 'node:fs';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { builtCli, repository } from './built-package.js';
import { runProgram } from './run-program.js';

const npmsOwn = ['ci', 'install', 'test'];

/** What is wrong with the commands of a shell block, in words: verbs, options and scripts that do not exist. */
export async function commandLineProblems(code: string): Promise<string[]> {
  const commands = code
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .flatMap((line) => line.split('&&'))
    .map((command) => command.trim())
    .filter((command) => command !== '');
  const problems = await Promise.all(commands.map(problemOf));
  return problems.filter((problem) => problem !== null);
}

async function problemOf(command: string): Promise<string | null> {
  const [program, ...args] = command.replace(/^npx (?=moult\b)/, '').split(/\s+/);
  if (program === 'moult') return moultProblem(args);
  if (program === 'npm') return npmProblem(args);
  if (program === 'node' || program?.startsWith('./'))
    return fileProblem(program === 'node' ? args[0] : program);
  return `nothing tells whether this is right: ${command}`;
}

async function moultProblem(line: readonly string[]): Promise<string | null> {
  // What follows `--` is somebody else's.
  const end = line.indexOf('--');
  const args = end === -1 ? line : line.slice(0, end);
  const verb = args.find((arg) => !arg.startsWith('-'));
  const general = await helpOf([]);
  if (verb !== undefined && !new RegExp(`^\\s+${verb}\\b`, 'm').test(general))
    return `moult has no verb ${verb}`;
  const help = general + (verb === undefined ? '' : await helpOf([verb]));
  const unknown = args.filter((arg) => arg.startsWith('--') && !help.includes(arg));
  return unknown.length > 0 ? `moult ${verb ?? ''} has no ${unknown.join(', ')}` : null;
}

const helps = new Map<string, Promise<string>>();
async function helpOf(verb: string[]): Promise<string> {
  const key = verb.join(' ');
  const known = helps.get(key) ?? help(verb);
  helps.set(key, known);
  return known;
}

async function help(verb: string[]): Promise<string> {
  const { exitCode, stdout } = await runProgram(process.execPath, [builtCli, ...verb, '--help']);
  if (exitCode !== 0) throw new Error(`moult ${verb.join(' ')} --help ended with ${exitCode}`);
  return stdout;
}

function npmProblem([verb, script]: string[]): string | null {
  if (verb !== undefined && npmsOwn.includes(verb)) return null;
  const { scripts } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return verb === 'run' && script !== undefined && script in scripts ? null : `there is no script ${script}`;
}

function fileProblem(file: string | undefined): string | null {
  return file !== undefined && existsSync(path.join(repository, file)) ? null : `there is no file ${file}`;
}
