import * as path from 'node:path';
import type { ImprovementDetails } from '../../service/describe-task.js';
import { stateDirectoryOf } from '../../service/log-file.js';
import { shellWord } from './shell-word.js';

/** How to look by hand at a file as it was when the checkpoint was made; null without a checkpoint. */
export function checkpointCommand({ checkpoint, folder, plan, taskId }: ImprovementDetails): string | null {
  if (checkpoint?.kind !== 'git') return null;
  const store = path.join(stateDirectoryOf(folder), 'checkpoints.git');
  const file = plan.paths.find(({ before }) => before.kind !== 'absent')?.path ?? 'PATH';
  const object = `refs/checkpoints/${taskId}:${path.posix.join(plan.root, file)}`;
  return `git ${shellWord(`--git-dir=${store}`)} show ${shellWord(object)}`;
}
