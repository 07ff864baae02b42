import { spawn } from 'node:child_process';

/** The least that running a command costs. */
export function runChild(command, cwd) {
  return new Promise((resolve, reject) => {
    spawn(command, { cwd, stdio: 'ignore' }).on('error', reject).on('exit', resolve);
  });
}
