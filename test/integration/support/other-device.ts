import * as fs from 'node:fs';
import * as os from 'node:os';
import { onTestFinished, type TestContext } from 'vitest';

const place = '/dev/shm';

/** A new folder on another device than the projects of the tests; skips the test where there is none. */
export function otherDevice(context: TestContext): string {
  const device = fs.statSync(place, { throwIfNoEntry: false })?.dev;
  if (device === undefined) context.skip(`needs ${place}, which this system has not`);
  if (device === fs.statSync(os.tmpdir()).dev)
    context.skip(`needs ${place} on another device than ${os.tmpdir()}`);
  const folder = fs.mkdtempSync(`${place}/moult-test-`);
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}
