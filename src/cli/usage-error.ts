/** The command line itself is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';

  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}
