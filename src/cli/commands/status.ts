import { MoultError } from '../../errors/moult-error.js';
import type { ImprovementDetails } from '../../service/describe-task.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { checkList } from '../render/check-list.js';
import { detailsDocument } from '../render/details-document.js';
import { detailsLines } from '../render/details-lines.js';
import { nextStep } from '../render/next-step.js';
import { symbolsFor } from '../render/symbols.js';
import { undeclaredLines } from '../render/undeclared-lines.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';

/** Says where the newest improvement stands, or the one that was named. It judges nothing: the exit code is 0. */
export async function status(cli: Cli, task: string | undefined): Promise<Report> {
  await requireProject(cli.root);
  const details = await find(cli, task);
  if (!details) return noneYet;
  const { style } = cli.output;
  const checks = checkList(details.checks, style, symbolsFor(cli.io));
  const undeclared = undeclaredLines(details.undeclared, style);
  const next = nextStep(details);
  const text = [
    ...detailsLines(details, style),
    ...(checks.length > 0 ? ['', ...checks] : []),
    ...(undeclared.length > 0 ? ['', ...undeclared] : []),
    '',
    `next: ${next}`,
  ].join('\n');
  return {
    exitCode: exitCode.done,
    document: { task: detailsDocument(details), next },
    text,
    quietText: text,
  };
}

const noneYet: Report = {
  exitCode: exitCode.done,
  document: { task: null },
  text: 'No improvement yet. `moult plan REQUEST` makes one.',
};

async function find(cli: Cli, task: string | undefined): Promise<ImprovementDetails | null> {
  try {
    return await openService(cli).describeImprovement(task);
  } catch (error) {
    if (error instanceof MoultError && error.code === 'NO_TASK') return null;
    throw error;
  }
}
