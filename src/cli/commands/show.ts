import * as path from 'node:path';
import type { ImprovementDetails } from '../../service/describe-task.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { readChange } from '../../service/read-change.js';
import { fileDiff } from '../../service/file-diff.js';
import { showDocument } from '../render/show-document.js';
import { showLines, type ShownChange } from '../render/show-lines.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';

/** Everything about one improvement, with a diff of each file. */
export async function show(cli: Cli, taskId: string): Promise<Report> {
  const { home } = await requireProject(cli.root);
  const details = await openService(cli).describeImprovement(taskId);
  const changes = await withoutSecrets(cli, await changesOf(details, home));
  const text = showLines(cli, details, changes).join('\n');
  return {
    exitCode: exitCode.done,
    document: { task: showDocument(details, changes) },
    text,
    quietText: text,
  };
}

async function changesOf({ plan, folder }: ImprovementDetails, home: string): Promise<ShownChange[]> {
  const shown: ShownChange[] = [];
  for (const [index, planned] of plan.paths.entries()) {
    const sides = await readChange({ folder, root: path.join(home, plan.root) }, planned, index);
    shown.push({
      planned,
      risk: plan.fileRisks.find(({ path: file }) => file === planned.path) ?? null,
      description: planned.change === null ? undefined : plan.changes[planned.change]?.description,
      diff: fileDiff(planned.path, sides),
    });
  }
  return shown;
}

/** The contents of the files are the only thing shown that has never been masked. */
function withoutSecrets(
  { output: { masker } }: Cli,
  changes: readonly ShownChange[],
): Promise<ShownChange[]> {
  return Promise.all(
    changes.map(async (change) => {
      if (change.diff.kind !== 'text') return change;
      const diff = await masker.mask(change.diff.diff);
      return { ...change, diff: { kind: 'text' as const, diff }, isMasked: diff !== change.diff.diff };
    }),
  );
}
