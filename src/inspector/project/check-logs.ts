import * as path from 'node:path';
import type { ProjectView } from '../../service/project-view.js';
import type { TaskFolder } from '../../store/task-folder.js';
import { lstatOrNull } from '../../workspace/read-image.js';

export interface CheckLogFile {
  /** Position of the check in the plan. */
  check: number;
  file: string;
  sizeBytes: number;
}

/** The logs of the checks that have run or are running. Their names begin with the number of the check. */
export async function checkLogs(
  { fileSystem }: Pick<ProjectView, 'fileSystem'>,
  { logsFolder }: TaskFolder,
): Promise<CheckLogFile[]> {
  const names = await fileSystem.readdir(logsFolder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const logs: CheckLogFile[] = [];
  for (const name of names.sort()) {
    const number = /^(\d{2,6})-[a-z0-9-]+\.log$/.exec(name)?.[1];
    const file = path.join(logsFolder, name);
    const stats = number === undefined ? null : await lstatOrNull(fileSystem, file);
    if (stats?.isFile()) logs.push({ check: Number(number) - 1, file, sizeBytes: Number(stats.size) });
  }
  return logs;
}
