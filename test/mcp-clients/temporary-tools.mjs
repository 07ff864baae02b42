import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/**
 * Installs packages into a folder for temporary files, with a Node 24 to run them: they are other people's programs, and
 * no dependency of this one.
 *
 * @returns how to run one of their programs, and how to remove them all.
 */
export async function temporaryTools(...packages) {
  const folder = process.env.MOULT_TOOLS ?? mkdtempSync(path.join(tmpdir(), 'moult-tools-'));
  const bin = path.join(folder, 'node_modules/.bin');
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
  if (process.env.MOULT_TOOLS === undefined) {
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
    const flags = [
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--ignore-scripts=false',
      '--engine-strict=false',
    ];
    const { exitCode, output } = await run('npm', ['install', ...flags, 'node@24', ...packages], {
      cwd: folder,
    });
    if (exitCode !== 0) throw new Error(`The tools could not be installed:\n${output}`);
  }
  return {
    folder,
    env,
    run: (name, args, options = {}) => run(path.join(bin, name), args, { env, ...options }),
    remove: () => process.env.MOULT_TOOLS === undefined && rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs a program to its end. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let [output, stdout] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, output }));
  });
}
