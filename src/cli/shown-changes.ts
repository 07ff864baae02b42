import * as path from 'node:path';
import type { ImprovementDetails } from '../service/describe-task.js';
import { fileDiff } from '../service/file-diff.js';
import { readChange } from '../service/read-change.js';
import type { Cli } from './cli.js';
import type { ShownChange } from './render/show-lines.js';

/** Each planned path with its diff, ready to be shown. `home` is that of the project. */
export async function shownChanges(
  { output: { masker } }: Cli,
  { plan, folder }: ImprovementDetails,
  home: string,
): Promise<ShownChange[]> {
  const root = path.join(home, plan.root);
  const changes: ShownChange[] = [];
  // One after the other: not all old and new files are held at once.
  for (const [index, planned] of plan.paths.entries()) {
    const diff = fileDiff(planned.path, await readChange({ folder, root }, planned, index));
    // The contents of the files are the only thing shown that has never been masked.
    const masked = diff.kind === 'text' ? { ...diff, diff: await masker.mask(diff.diff) } : diff;
    changes.push({
      planned,
      risk: plan.fileRisks.find(({ path: file }) => file === planned.path) ?? null,
      description: planned.change === null ? undefined : plan.changes[planned.change]?.description,
      diff: masked,
      isMasked: diff.kind === 'text' && masked.kind === 'text' && masked.diff !== diff.diff,
    });
  }
  return changes;
}
