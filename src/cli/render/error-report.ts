import { MoultError } from '../../errors/moult-error.js';
import { exitCode, exitCodeOfError } from '../exit-code.js';
import type { Report } from '../report.js';
import { UsageError } from '../usage-error.js';

interface Known {
  taskId?: string;
  status?: string;
}

/** What a verb threw. */
export function errorReport(error: unknown): Report {
  if (error instanceof MoultError) {
    const known = error as MoultError;
    const { taskId, status } = known.details as Known;
    const document = { error: known.toJSON(), ...(taskId && { taskId }), ...(status && { status }) };
    return failed(exitCodeOfError(known.code), document, known);
  }
  if (error instanceof UsageError) {
    const { code, message, remedy } = error;
    return failed(exitCode.refused, { error: { code, message, remedy, details: {} } }, error);
  }
  return unexpected(error);
}

function failed(
  code: Report['exitCode'],
  document: object,
  { code: name, message, remedy }: MoultError | UsageError,
): Report {
  return { exitCode: code, document, text: '', failure: { code: name, message }, hint: remedy };
}

function unexpected(error: unknown): Report {
  const code = 'UNEXPECTED';
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const hint =
    '`moult status` tells what became of the improvement. Set DEBUG=moult to see where this happened; it may be a bug of moult.';
  return {
    exitCode: exitCode.unexpected,
    document: { error: { code, message, remedy: hint, details: {} } },
    text: '',
    failure: { code, message },
    hint,
  };
}
