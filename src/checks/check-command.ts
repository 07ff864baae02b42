import type { ValidationCheck } from '../improvement.js';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';
import { shellCommand } from '../process/shell-command.js';
import { scriptCommand } from './script-command.js';
import { readPackageScripts } from './read-package-scripts.js';
import { parseCommand, type ParsedCommand } from './parse-command.js';

/** What to start for a check, or why there is nothing to start. */
export type CheckCommand =
  { kind: 'command' | 'script'; command: ParsedCommand } | { kind: 'none'; reason: string };

const saysNothingToRun = new Set(['CHECK_COMMAND_INVALID', 'CONFIG_UNREADABLE']);

interface Project {
  fileSystem: Pick<FileSystem, 'readFile' | 'lstat'>;
  root: string;
}

/** Looks at package.json as it is now: the change that is judged may have taken the script away, or broken the file. */
export async function checkCommand(check: ValidationCheck, project: Project): Promise<CheckCommand> {
  try {
    if (check.command === undefined) return await commandOfScript(check, project);
    const command =
      check.shell === true ? shellCommand(check.command) : parseCommand(check.command, check.name);
    return { kind: 'command', command };
  } catch (error) {
    if (!(error instanceof MoultError) || !saysNothingToRun.has(error.code as string)) throw error;
    return { kind: 'none', reason: error.message };
  }
}

async function commandOfScript({ type }: ValidationCheck, project: Project): Promise<CheckCommand> {
  if (type === 'custom') return { kind: 'none', reason: 'it has no command' };
  const scripts = await readPackageScripts(project.fileSystem, project.root);
  if (!scripts.has(type)) return { kind: 'none', reason: `package.json has no script "${type}"` };
  return { kind: 'script', command: await scriptCommand(project.fileSystem, project.root, type) };
}
