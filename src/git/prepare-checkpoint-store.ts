import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import type { Repository } from './find-repository.js';
import { readIfPresent } from './read-if-present.js';
import { syncDirectory } from '../store/durable-file.js';

/** The folders of our store that must be there, parents first. */
const folders = ['', 'info', 'objects', 'objects/info', 'refs', 'refs/checkpoints'];

/**
 * Makes our bare repository ready: it borrows the user's objects, and has the user's exclude file and a configuration
 * of its own. Written without git, each file in one step, so that it is cheap to call and a crash leaves nothing half.
 */
export async function prepareCheckpointStore(
  fileSystem: FileSystem,
  store: string,
  repository: Repository,
): Promise<void> {
  const created = await createFolders(fileSystem, store);
  const contents = await contentsOf(fileSystem, repository);
  const written = await Promise.all(
    Object.entries(contents).map(([name, bytes]) => keepFile(fileSystem, path.join(store, name), bytes)),
  );
  if (!created && !written.includes(true)) return;
  for (const folder of ['..', ...folders]) await syncDirectory(fileSystem, path.join(store, folder));
}

async function createFolders(fileSystem: FileSystem, store: string): Promise<boolean> {
  let created = false;
  for (const folder of folders) {
    const made = await fileSystem.mkdir(path.join(store, folder), { recursive: true, mode: 0o700 });
    created ||= made !== undefined;
  }
  return created;
}

async function contentsOf(
  fileSystem: FileSystem,
  { commonDir, objectFormat }: Repository,
): Promise<Record<string, Buffer>> {
  const [exclude, attributes] = await Promise.all(
    ['exclude', 'attributes'].map((name) => readIfPresent(fileSystem, path.join(commonDir, 'info', name))),
  );
  return {
    HEAD: Buffer.from('ref: refs/heads/none\n'),
    config: Buffer.from(objectFormat === 'sha256' ? sha256Config : sha1Config),
    'objects/info/alternates': Buffer.from(`${listed(path.join(commonDir, 'objects'))}\n`),
    'info/exclude': exclude ?? Buffer.alloc(0),
    'info/attributes': attributes ?? Buffer.alloc(0),
  };
}

// Files of ours are for this user's eyes only, whatever the umask says.
const coreConfig = '\tsharedRepository = 0600\n';
const sha1Config = `[core]\n\trepositoryformatversion = 0\n${coreConfig}`;
const sha256Config = `[core]\n\trepositoryformatversion = 1\n${coreConfig}[extensions]\n\tobjectformat = sha256\n`;

/** A line of the alternates file: quoted where the path would not fit on one line. */
const listed = (file: string) =>
  file.includes('\n') ? `"${file.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"` : file;

/** True where the file had to be written. */
async function keepFile(fileSystem: FileSystem, file: string, bytes: Buffer): Promise<boolean> {
  const present = await readIfPresent(fileSystem, file);
  if (present?.equals(bytes) === true) return false;
  const draft = `${file}.${randomUUID()}`;
  const handle = await fileSystem.open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fileSystem.rename(draft, file);
  return true;
}
