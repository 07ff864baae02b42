import type { ImprovementSummary } from '../../improvement.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { count } from '../../wording/count.js';
import { stateInWords } from '../../wording/state-in-words.js';
import { localTime } from '../render/details-lines.js';
import { headline } from '../render/headline.js';
import type { Style } from '../render/style.js';
import { table, type Cell } from '../render/table.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';

/** All improvements of the project, oldest first. */
export async function history(cli: Cli): Promise<Report> {
  await requireProject(cli.root);
  const improvements = await openService(cli).listImprovements();
  const rows = improvements.map((summary) => row(summary, cli.output.style));
  const text = rows.length === 0 ? 'No improvement yet.' : table(rows).join('\n');
  return { exitCode: exitCode.done, document: { improvements }, text, quietText: text };
}

function row(
  { taskId, state, risk, files, createdAt, description }: ImprovementSummary,
  style: Style,
): Cell[] {
  return [
    { text: taskId, paint: style.bold },
    { text: stateInWords({ state }), paint: paintOf(state, style) },
    `${risk} risk`,
    count(files, 'file'),
    { text: localTime(createdAt), paint: style.dim },
    headline(description),
  ];
}

function paintOf(state: string, style: Style): (text: string) => string {
  if (state === 'completed') return style.green;
  return state === 'rollback_failed' ? style.red : (text) => text;
}
