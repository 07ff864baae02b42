import { MoultError } from './moult-error.js';

/** Gives what the operating system refuses a code and a remedy; every other error passes as it is. */
export async function withSystemErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isSystemError(error) ? systemCallFailed(error) : error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { syscall: string } {
  return error instanceof Error && !(error instanceof MoultError) && 'syscall' in error && 'errno' in error;
}

function systemCallFailed(error: NodeJS.ErrnoException & { syscall: string }): MoultError {
  const details = { call: error.syscall, path: error.path ?? null, reason: error.message };
  return new MoultError('SYSTEM_CALL_FAILED', details, { cause: error });
}
