import * as path from 'node:path';
import type { ImprovementDetails } from '../service/describe-task.js';
import { fileDiff } from '../service/file-diff.js';
import type { Host } from '../service/host.js';
import { readChange, type ChangeSides } from '../service/read-change.js';
import { requireProject } from '../service/require-project.js';

const diffCharacters = 400_000;

/** The diffs of all planned paths of an improvement, one after the other. */
export async function readDiff(
  { plan, folder }: ImprovementDetails,
  { root, host }: { root: string; host: Host },
): Promise<string> {
  const { home } = await requireProject(root, host.config);
  const texts: string[] = [];
  let characters = 0;
  for (const [index, planned] of plan.paths.entries()) {
    if (characters > diffCharacters) {
      texts.push(`[… ${plan.paths.length - index} more files are left out here …]\n`);
      break;
    }
    const sides = await readChange({ folder, root: path.join(home, plan.root) }, planned, index);
    const text = diffText(planned.path, sides);
    characters += text.length;
    texts.push(
      text.length > diffCharacters ? `${text.slice(0, diffCharacters)}\n[… cut off here …]\n` : text,
    );
  }
  return texts.join('');
}

/** The diff of one file, or the facts where there is none. */
export function diffText(file: string, sides: ChangeSides): string {
  const diff = fileDiff(file, sides);
  const text =
    diff.kind === 'text' ? diff.diff : [`${file}:`, ...diff.lines.map((line) => `  ${line}`)].join('\n');
  return text.endsWith('\n') ? text : `${text}\n`;
}
