import * as path from 'node:path';
import type { CheckResult } from '../../machines/improvement-types.js';

/** The absolute path of a check's log; null where it has none. `folder` is that of the improvement. */
export function logFile({ logPath }: Pick<CheckResult, 'logPath'>, folder: string): string | null {
  return logPath === null ? null : path.join(stateDirectoryOf(folder), logPath);
}

/** The state directory that the folder of an improvement lies in. */
export function stateDirectoryOf(folder: string): string {
  return path.dirname(path.dirname(folder));
}
