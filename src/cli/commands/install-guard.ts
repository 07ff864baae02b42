import { copyGuard } from '../../restart/copy-guard.js';
import { requireProject } from '../../service/require-project.js';
import { openRestartSite } from '../../supervision/restart-site.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import type { Report } from '../report.js';
import { serviceOptions } from '../service-options.js';

/** Puts the guard into the state directory, for who calls it there: systemd, Docker, PM2, npm. */
export async function installGuard(cli: Cli): Promise<Report> {
  await requireProject(cli.root);
  const { logger } = serviceOptions(cli);
  const { host, store } = await openRestartSite(cli.root, { logger });
  const file = await copyGuard(host.fileSystem, store.folder);
  return { exitCode: exitCode.done, document: { guard: file }, text: file, quietText: file };
}
