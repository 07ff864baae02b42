import type { CheckResult } from '../../machines/improvement-types.js';

/** What happens inside a state, for those who watch. It decides nothing. */
export type ProgressEvent =
  | { type: 'state'; taskId: string; state: string }
  | { type: 'applied'; taskId: string; path: string }
  | { type: 'check-started'; taskId: string; name: string }
  | { type: 'check-output'; taskId: string; name: string; chunk: Uint8Array }
  | { type: 'check-finished'; taskId: string; result: CheckResult };

export type ProgressListener = (event: ProgressEvent) => void;
