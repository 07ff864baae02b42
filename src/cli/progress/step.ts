/** One line of what a person sees while an improvement is under way. */
export interface Step {
  kind: 'state' | 'check';
  /** In plain text. */
  label: string;
  /** What it is at, or how it ended; in plain text, one line. */
  detail: string;
  /** `warned`: an optional check did not pass. `stopped`: what came after took over. */
  outcome: 'running' | 'done' | 'warned' | 'failed' | 'stopped';
  startedAt: number;
  /** Null while it is running. */
  durationMs: number | null;
}
