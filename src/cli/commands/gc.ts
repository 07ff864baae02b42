import type { Garbage } from '../../service/remove-old-tasks.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { byteSize } from '../render/byte-size.js';
import { count } from '../../wording/count.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { whileUnstoppable } from '../while-unstoppable.js';

/** Removes old improvements as the configuration says. */
export async function gc(cli: Cli, { dryRun = false }: { dryRun?: boolean }): Promise<Report> {
  await requireProject(cli.root);
  const service = openService(cli);
  const garbage = await whileUnstoppable(cli, () => service.collectGarbage({ dryRun }));
  return { exitCode: exitCode.done, document: { dryRun, ...garbage }, text: inWords(garbage, dryRun) };
}

function inWords({ removed, freedBytes, keptBytes }: Garbage, dryRun: boolean): string {
  const kept = `What is kept takes ${byteSize(keptBytes)}.`;
  if (removed.length === 0) return `Nothing ${dryRun ? 'would be' : 'had to be'} removed. ${kept}`;
  const verb = dryRun ? 'Would remove' : 'Removed';
  const lines = removed.map(({ taskId, bytes }) => `  ${taskId}  ${byteSize(bytes)}`);
  const total = `${verb} ${count(removed.length, 'improvement')}, ${byteSize(freedBytes)}:`;
  return [total, ...lines, kept].join('\n');
}
