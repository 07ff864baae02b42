import { MoultError } from '../../errors/moult-error.js';
import type { SelfImprovementService } from '../../self-improvement-service.js';
import { sourceOfStateDirectory } from '../inspect-state-directory.js';
import { ProjectSource } from '../project/project-source.js';
import { readPageFiles } from '../server/package-files.js';
import { collectAnswers } from './collect-answers.js';
import { reportHtml } from './report-html.js';

/**
 * One improvement as one HTML file: chart, timeline, changes, checks and the ends of their logs. It asks nobody for anything,
 * and secrets are masked in it.
 *
 * @param from a service, or a state directory by itself.
 * @param taskId Default: the newest.
 * @throws NO_TASK, INSPECTOR_UNKNOWN, INSPECTOR_PAGE_MISSING, STATE_UNREADABLE
 */
export async function exportReport(
  from: SelfImprovementService | { stateDirectory: string },
  taskId?: string,
): Promise<string> {
  const source =
    'stateDirectory' in from
      ? await sourceOfStateDirectory(from.stateDirectory, taskId)
      : new ProjectSource({ view: await from.view(), by: '', task: taskId ?? null, service: null });
  const chosen = taskId ?? (await source.reader.history()).improvements[0]?.taskId;
  if (chosen === undefined) throw new MoultError('NO_TASK', {});
  const title = `${chosen} - ${source.session.title}`;
  return reportHtml(title, await collectAnswers(source, chosen), await readPageFiles());
}
