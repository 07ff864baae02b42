import { MoultError } from '../errors/moult-error.js';
import type { RestartSite } from './restart-site.js';

/** @throws SAFE_MODE until a person has seen to the program. */
export async function refuseInSafeMode({ store, host }: RestartSite): Promise<void> {
  const text = await store.readSafeMode();
  if (text === null) return;
  host.logger.error(text);
  throw new MoultError('SAFE_MODE', { file: store.folder.safeMode });
}
