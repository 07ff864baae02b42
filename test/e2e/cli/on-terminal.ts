import { spawn, spawnSync } from 'node:child_process';
import { platform } from 'node:os';
import { program, type Ended } from './moult.js';

interface Terminal {
  cwd: string;
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

/** Whether this machine can give a program a terminal. */
export const hasTerminal = platform() === 'linux' && spawnSync('script', ['--version']).status === 0;

/** Runs the program on a terminal of its own; all that it shows is in `stdout`. */
export function onTerminal(
  args: readonly string[],
  { cwd, columns = 80, rows = 24, env = {} }: Terminal,
): Promise<Ended> {
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty cols ${columns} rows ${rows}; exec ${words}`;
  const { CI, NO_COLOR, FORCE_COLOR, ...rest } = process.env;
  void [CI, NO_COLOR, FORCE_COLOR];
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd,
    env: { ...rest, TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr: '' }));
  });
}
