import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const driver = fileURLToPath(new URL('run-request.mjs', import.meta.url));

/** Runs an improvement in a process of its own; resolves with what it said, line by line, and how it ended. */
export function runDriver({ engine, root, requestFile, options = {}, onStart = () => undefined }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [driver, engine, root, requestFile, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onStart(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', (code, signal) => {
      const said = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      resolve({ code, signal, said, stderr });
    });
  });
}
