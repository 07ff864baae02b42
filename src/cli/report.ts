import type { ExitCode } from './exit-code.js';

/** What a verb has to say in the end, once for programs and once for people. */
export interface Report {
  exitCode: ExitCode;
  /** The one document of `--json`; null where it was printed already. */
  document: object | null;
  /** Standard output for people. */
  text: string;
  /** Standard output with `--quiet`. Default: nothing. */
  quietText?: string;
  /** What went wrong; goes to standard error. */
  failure?: { code: string; message: string };
  /** What to do now. The last line of standard error where something went wrong or waits; also in the document. */
  hint?: string;
}
