import { exitCode } from './exit-code.js';
import type { Output } from './output.js';
import { visible } from '../wording/visible.js';
import type { Report } from './report.js';

/** Says what a verb has to say: one document, or text; then what went wrong, and last of all what to do about it. */
export function tell(output: Output, report: Report, error: unknown): void {
  const { document, text, quietText = '', failure, hint } = report;
  if (output.json) {
    if (document) output.document({ ...document, ...(hint === undefined ? {} : { hint }) });
  } else output.print(output.quiet ? quietText : text);
  const { red, cyan } = output.errorStyle;
  if (failure) output.note(`${red('error:')} ${visible(failure.message)} [${failure.code}]`);
  if (report.exitCode === exitCode.unexpected) tellStack(output, error);
  if (hint !== undefined) output.note(`${cyan('hint:')} ${visible(hint).replaceAll('\n', ' ')}`);
}

function tellStack(output: Output, error: unknown): void {
  if (output.isDebugging && error instanceof Error) output.note(visible(error.stack ?? ''));
}
