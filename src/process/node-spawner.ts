import { spawn } from 'node:child_process';
import type { Spawner } from '../ports/spawner.js';
import { toWindowsCommand } from './windows-command.js';

/** Starts real processes. On Windows, commands such as `npm` are found as the `.cmd` files they are. */
export const nodeSpawner: Spawner = (command, args, options) => {
  if (process.platform !== 'win32') return spawn(command, args, options);
  const windows = toWindowsCommand(command, args, options.env ?? process.env);
  return spawn(windows.command, windows.args, { ...options, ...windows.options });
};

/** A copy of the environment this process was started with, and of what was changed in it since. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env };
}
