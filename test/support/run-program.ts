import { spawn, type SpawnOptions } from 'node:child_process';

export interface ProgramEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Standard output and standard error, as they came. */
  output: string;
  stdout: string;
}

/** Runs a program to its end, with nothing to read. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'shell'> = {},
): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, stdout] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, output, stdout }));
  });
}
