import type { Refusal } from '../../protocol/session.js';

/** The server said no, or could not be reached; `remedy` says what helps. */
export class RefusedError extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor({ code, message, remedy }: Refusal['error'], options?: ErrorOptions) {
    super(message, options);
    this.name = 'RefusedError';
    this.code = code;
    this.remedy = remedy;
  }
}
