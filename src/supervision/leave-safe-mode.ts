import type { ServiceOptions } from '../service/service-options.js';
import { openRestartSite } from './restart-site.js';

/** A person has seen to the program: it may be started again. False where nothing forbade that. */
export async function leaveSafeMode({
  root,
  stateDirectory,
  ...options
}: Pick<ServiceOptions, 'logger' | 'fileSystem' | 'config'> & {
  root: string;
  stateDirectory?: string;
}): Promise<boolean> {
  const { store } = await openRestartSite(root, options, { stateDirectory });
  return store.leaveSafeMode();
}
