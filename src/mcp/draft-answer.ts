import type { ImprovementRequest } from '../improvement.js';
import { draftPlan } from '../service/draft-plan.js';
import { readChange, type ChangeSides } from '../service/read-change.js';
import type { Answer } from './answer.js';
import { planAnswer } from './describe-answer.js';
import { diffText } from './read-diff.js';
import { refuseUnplannable } from './refuse-unplannable.js';
import type { SelfImprove } from './self-improve.js';

const diffCharacters = 20_000;

/** What a plan would be, without making it. */
export async function draftAnswer({ root, host }: SelfImprove, request: ImprovementRequest): Promise<Answer> {
  const project = await refuseUnplannable(root, host.config, request);
  const { plan, contents, highRiskFiles } = await draftPlan(host, project, request, 'si-0');
  const diffs: string[] = [];
  for (const [index, planned] of plan.paths.entries()) {
    const { before } = await readChange(
      { folder: project.stateDirectory, root: project.root },
      planned,
      index,
    );
    diffs.push(diffText(planned.path, { before, after: afterOf() }));
    function afterOf(): ChangeSides['after'] {
      const image = planned.after;
      if (image?.kind !== 'file') return image ?? before;
      if (planned.source === 'before' && before.kind === 'file') return { ...before, mode: image.mode };
      const bytes = contents.get(index);
      return { ...image, bytes: bytes ? Buffer.from(bytes) : null };
    }
  }
  return {
    ok: true,
    action: 'plan',
    note: 'This is only what the plan would be: nothing was saved, and no file was touched.',
    description: request.description,
    ...planAnswer(plan, highRiskFiles),
    diff: shortened(diffs.join('')),
    next: [
      { arguments: { action: 'plan' }, effect: 'with the same fields and without dryRun makes the plan' },
    ],
  };
}

function shortened(diff: string): string {
  if (diff.length <= diffCharacters) return diff;
  return `${diff.slice(0, diffCharacters)}\n[… ${diff.length - diffCharacters} characters are left out here …]`;
}
