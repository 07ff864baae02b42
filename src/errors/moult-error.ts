import { errorTable, type ErrorCode, type ErrorDetails } from './error-table.js';

/**
 * What misuse and a broken environment throw. Expected ends of an improvement are results, not errors.
 *
 * `code` is a key of the error table (`docs/errors.md`), `details` the facts the message was made from, `remedy` what to
 * do about it. All of them are JSON.
 */
export class MoultError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'MoultError';
  readonly code: Code;
  readonly details: ErrorDetails<Code>;
  readonly remedy: string;

  constructor(code: Code, details: ErrorDetails<Code>, options?: ErrorOptions) {
    const { message, remedy } = errorTable[code] as {
      message: (details: ErrorDetails<Code>) => string;
      remedy: string | ((details: ErrorDetails<Code>) => string);
    };
    super(message(details), options);
    this.code = code;
    this.details = details;
    this.remedy = typeof remedy === 'string' ? remedy : remedy(details);
  }

  /** An error out of its JSON, as a snapshot holds it; null where the code is not one of ours. */
  static revive({ code, details }: { code: string; details?: unknown }): MoultError | null {
    return code in errorTable ? new MoultError(code as ErrorCode, details as ErrorDetails<ErrorCode>) : null;
  }

  toJSON(): { code: Code; message: string; remedy: string; details: ErrorDetails<Code> } {
    return { code: this.code, message: this.message, remedy: this.remedy, details: this.details };
  }
}
