import * as path from 'node:path';
import type { RestartSettings } from '../../machines/restart-types.js';
import type { MoultConfig } from '../config/parse-config.js';
import { RestartFolder } from '../restart/restart-folder.js';
import { RestartStore } from '../restart/restart-store.js';
import { toHost, type Host } from '../service/host.js';
import { openProject, prepareState, type Project } from '../service/project.js';
import type { ServiceOptions } from '../service/service-options.js';

/** One program whose restarts are looked after: where it lies, and what is known of it. */
export interface RestartSite {
  host: Host;
  project: Project;
  store: RestartStore;
  /** As the configuration had it when this was opened: a change that is being tried does not judge itself. */
  config: MoultConfig['restart'];
}

/**
 * Opens the site of a project root, and creates what it needs in the state directory. The configuration is read once.
 * While a restart is under way it is the one that was saved before: a change that is being tried does not judge itself, and
 * may have broken it.
 *
 * @param where `stateDirectory`: where the state is, when that is known without the configuration. `mayWrite`: false leaves
 * the state directory as it is. Default true.
 * @throws NOT_A_PROJECT, CONFIG_INVALID, CONFIG_UNREADABLE, REPOSITORY_BROKEN.
 */
export async function openRestartSite(
  root: string,
  options: ServiceOptions,
  { stateDirectory, mayWrite = true }: { stateDirectory?: string; mayWrite?: boolean } = {},
): Promise<RestartSite> {
  // An improvement that was cut off while it asked for this very restart goes on to wait for its confirmation.
  const restart = { isRepeatable: true, scheduleRestart: () => ({ willConfirm: true }) };
  const host = toHost({ ...options, restart });
  const { fileSystem } = host;
  const known = options.config ?? (stateDirectory === undefined ? undefined : { stateDir: stateDirectory });
  const found = await openProject(fileSystem, root, known);
  const store = storeOf(host, found);
  if (mayWrite) {
    await prepareState(fileSystem, found);
    await store.prepare();
  }
  const readConfig = async () => (await openProject(fileSystem, root)).config;
  const config = options.config ? found.config : await chooseConfig(store, readConfig, mayWrite);
  // From here on the project may break its configuration, or lose it.
  const own = { ...config, stateDir: found.stateDirectory };
  const project = await openProject(fileSystem, root, own);
  return { host: { ...host, config: own }, project, store, config: project.config.restart };
}

function storeOf(host: Host, { home, root, stateDirectory }: Project): RestartStore {
  const place = path.relative(home, root).split(path.sep).join('/');
  return new RestartStore(host.fileSystem, new RestartFolder(stateDirectory, place));
}

async function chooseConfig(
  store: RestartStore,
  read: () => Promise<MoultConfig>,
  maySave: boolean,
): Promise<object> {
  const saved = await store.readConfig();
  const isUnderWay =
    (await store.readRequest()) !== null || (await store.readRecord())?.snapshot.status === 'active';
  if (saved && isUnderWay) return saved;
  try {
    const config = await read();
    if (maySave) await store.writeConfig(config);
    return config;
  } catch (error) {
    if (saved) return saved;
    throw error;
  }
}

export function settingsOf(config: MoultConfig['restart']): RestartSettings {
  const { drainMs, stopMs, readyWithinMs, confirmAfterMs, attemptsMax, confirmBy, confirmWithinMs } = config;
  return { drainMs, stopMs, readyWithinMs, confirmAfterMs, attemptsMax, confirmBy, confirmWithinMs };
}
