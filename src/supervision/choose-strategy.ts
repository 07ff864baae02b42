import type { RestartStrategy } from '../config/restart-config.js';
import { MoultError } from '../errors/moult-error.js';
import { Lock } from '../store/lock.js';
import type { RestartSite } from './restart-site.js';

export interface ChosenStrategy {
  strategy: Exclude<RestartStrategy, 'auto'>;
  /** In words, why this one. */
  because: string;
}

/**
 * Who restarts the program: as configured, or what is found to be there.
 *
 * @param inCharge this process itself looks after the restarts, so that no guard does.
 * @throws RESTART_UNAVAILABLE for `supervised` without a guard.
 */
export async function chooseStrategy(site: RestartSite, inCharge: boolean): Promise<ChosenStrategy> {
  const { strategy } = site.config;
  const isGuarded = !inCharge && (await someoneIsInCharge(site));
  if (isGuarded) return { strategy: 'supervised', because: 'a guard looks after the program' };
  if (strategy === 'supervised')
    throw new MoultError('RESTART_UNAVAILABLE', { strategy, reason: 'no guard runs' });
  if (strategy !== 'auto') return { strategy, because: 'the configuration says so' };
  const supervisor = (await site.store.readBoot())?.supervisor ?? null;
  // Nobody starts again what a person started with npm.
  if (supervisor !== null && supervisor !== 'npm')
    return { strategy: 'exit', because: `${supervisor} starts the program, after the guard's preboot` };
  return { strategy: 'none', because: 'no guard runs, and no supervisor calls its preboot' };
}

/** A living process holds the lock of the program's restarts. */
export async function someoneIsInCharge({ host, store }: RestartSite): Promise<boolean> {
  try {
    return await Lock.isHeld({ fileSystem: host.fileSystem, directory: store.folder.lock });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
