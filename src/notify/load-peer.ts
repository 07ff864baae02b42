import { MoultError } from '../errors/moult-error.js';

/**
 * Loads a package that moult does not bring along.
 *
 * @param load imports it. By a literal name, so that types and bundlers see it.
 * @throws NOTICE_PACKAGE_MISSING
 */
export async function loadPeer<Package>(
  packageName: string,
  key: string,
  load: () => Promise<Package>,
): Promise<Package> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A package that is there and misses one of its own is another matter.
    if (code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${packageName}'`))
      throw new MoultError('NOTICE_PACKAGE_MISSING', { packageName, key }, { cause: error });
    throw error;
  }
}
