import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { showDocument } from '../render/show-document.js';
import { showLines } from '../render/show-lines.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { shownChanges } from '../shown-changes.js';

/** Everything about one improvement, with a diff of each file. */
export async function show(cli: Cli, taskId: string): Promise<Report> {
  const { home } = await requireProject(cli.root);
  const details = await openService(cli).describeImprovement(taskId);
  const changes = await shownChanges(cli, details, home);
  const text = showLines(cli, details, changes).join('\n');
  return {
    exitCode: exitCode.done,
    document: { task: showDocument(details, changes) },
    text,
    quietText: text,
  };
}
