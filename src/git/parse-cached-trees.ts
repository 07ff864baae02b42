/**
 * The TREE extension of an index (gitformat-index(5)): for each folder its name, how many entries it covers, how many
 * folders lie in it, and the tree's object; the folders in it follow. A negative count says that there is no tree.
 */
export function parseCachedTrees(bytes: Buffer, oidBytes: number): ReadonlyMap<string, string> {
  const trees = new Map<string, string>();
  let at = 0;
  const readUntil = (end: number): string => {
    const stop = bytes.indexOf(end, at);
    if (stop < 0) throw new RangeError('the index ends within a tree');
    const text = bytes.toString('latin1', at, stop);
    at = stop + 1;
    return text;
  };
  const readFolder = (parent: string): void => {
    const name = readUntil(0);
    const folder = name === '' ? '' : `${parent}${name}/`;
    const entryCount = Number(readUntil(0x20));
    const folderCount = Number(readUntil(0x0a));
    if (entryCount >= 0) {
      trees.set(folder, bytes.toString('hex', at, at + oidBytes));
      at += oidBytes;
    }
    for (let left = folderCount; left > 0; left -= 1) readFolder(folder);
  };
  readFolder('');
  return trees;
}
