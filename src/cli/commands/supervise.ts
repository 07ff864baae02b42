import { pathToFileURL } from 'node:url';
import { copyGuard } from '../../restart/copy-guard.js';
import { requireProject } from '../../service/require-project.js';
import { openRestartSite } from '../../supervision/restart-site.js';
import type { Cli } from '../cli.js';
import type { ExitCode } from '../exit-code.js';
import type { Report } from '../report.js';
import { serviceOptions } from '../service-options.js';

interface GuardModule {
  runGuard(io: unknown, args: readonly string[], stateDirectory: string): Promise<number>;
}

/**
 * Starts a program and looks after its restarts. The code that does so is the copy of the guard in the state directory, loaded
 * whole: what becomes of the project, its node_modules or this package does not matter from here on.
 */
export async function supervise(
  { root, io, ...cli }: Cli,
  command: readonly string[],
  { takeOverLock = false }: { takeOverLock?: boolean },
): Promise<Report> {
  await requireProject(root);
  const { logger } = serviceOptions({ root, io, ...cli });
  const { host, project, store } = await openRestartSite(root, { logger });
  const file = await copyGuard(host.fileSystem, store.folder);
  const guard = (await import(pathToFileURL(file).href)) as GuardModule;
  const options = ['--root', root, ...(takeOverLock ? ['--take-over-lock'] : [])];
  const exitCode = await guard.runGuard(
    io,
    ['supervise', ...options, '--', ...command],
    project.stateDirectory,
  );
  // The code is the program's own.
  return { exitCode: exitCode as ExitCode, document: { exitCode }, text: '' };
}
