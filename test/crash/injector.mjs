import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('fault-injector.c', import.meta.url));

/** Builds the tracer where it is missing or old. Null, with the reason, where this machine cannot run it. */
export function buildInjector() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { why: 'the tracer runs on Linux x86-64 only' };
  const directory = join(tmpdir(), `moult-crash-tools-${process.getuid()}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const binary = join(directory, 'fault-injector');
  if (!existsSync(binary) || statSync(binary).mtimeMs < statSync(source).mtimeMs) {
    const draft = `${binary}.${process.pid}`;
    try {
      execFileSync('cc', ['-O2', '-o', draft, source], { stdio: ['ignore', 'ignore', 'pipe'] });
    } catch (error) {
      return { why: `the tracer could not be compiled: ${error.message}` };
    }
    renameSync(draft, binary);
  }
  return { binary };
}

/**
 * Runs a command with a fault at its n-th file-changing system call below `root`, over all its threads and children.
 * `fired` is false where the command made fewer.
 */
export function inject(binary, { mode, n, root, hook, countSyncs, log }, command) {
  const args = ['-r', root, '-m', mode, '-n', String(n)];
  if (!countSyncs) args.push('-S');
  if (hook) args.push('-x', hook);
  if (log) args.push('-l', log);
  return new Promise((resolve) => {
    const child = spawn(binary, [...args, '--', ...command], {
      cwd: root,
      // libuv's io_uring would not be seen.
      env: { ...process.env, UV_USE_IO_URING: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', (code) => {
      const [, total, fired, operation] = /KP total=(\d+) fired=(\d) op=(.*)/.exec(stderr) ?? [];
      resolve({
        code,
        stdout,
        stderr,
        total: Number(total ?? 0),
        fired: fired === '1',
        operation: operation ?? '?',
      });
    });
  });
}
