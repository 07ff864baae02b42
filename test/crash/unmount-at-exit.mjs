import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Leaves nothing mounted below the directory, also when the campaign is interrupted. */
export function unmountAtExit(directory) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  process.once('exit', () => {
    const mounted = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .filter((place) => place.startsWith(`${directory}/`));
    for (const place of mounted.reverse()) execFileSync('umount', ['-l', place]);
  });
}
