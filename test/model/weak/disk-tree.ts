import type { FileSystem } from '../../../src/index.js';

/** Everything below a folder of a disk in memory: path to what stands there, in one line each. */
export async function diskTree(
  fs: FileSystem,
  folder: string,
  skip: string[] = [],
): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  const visit = async (directory: string, prefix: string): Promise<void> => {
    for (const name of await fs.readdir(directory)) {
      if (skip.includes(`${prefix}${name}`)) continue;
      const file = `${directory}/${name}`;
      const stats = await fs.lstat(file);
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isSymbolicLink()) tree[`${prefix}${name}`] = `link to ${await fs.readlink(file)}`;
      else if (stats.isFile())
        tree[`${prefix}${name}`] = `${mode} ${(await fs.readFile(file)).toString('latin1')}`;
      else {
        tree[`${prefix}${name}`] = `folder ${mode}`;
        await visit(file, `${prefix}${name}/`);
      }
    }
  };
  await visit(folder, '');
  return tree;
}
