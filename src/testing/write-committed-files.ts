import { mkdir, symlink } from 'node:fs/promises';
import { platform } from 'node:os';
import * as path from 'node:path';
import type { ProjectFolder } from './project-folder.js';

const binary = Uint8Array.from({ length: 512 }, (_, index) => index % 256);

/** One of each kind of file that is easily damaged: name, content, mode. */
const files: [string, string | Uint8Array, number][] = [
  ['.gitignore', 'ignored.log\nbuild/\n', 0o644],
  ['src/a.ts', 'export const a = 1;\n', 0o644],
  ['src/b.ts', 'export const b = 2;\n', 0o644],
  ['script.sh', '#!/bin/sh\necho hello\n', 0o755],
  ['image.bin', binary, 0o644],
  ['crlf.txt', 'first\r\nsecond\r\nno end', 0o644],
  ['bom.txt', '\uFEFFwith a byte order mark\n', 0o644],
  ['empty.txt', '', 0o644],
  ['read-only.txt', 'look, do not touch\n', 0o444],
  ['with space.txt', 'space\n', 0o644],
  ['grüße-日本.txt', 'not ASCII\n', 0o644],
  ['staged.ts', 'export const staged = 0;\n', 0o644],
  ['unstaged.ts', 'export const unstaged = 0;\n', 0o644],
  ['partial.ts', 'first\n\n\n\n\n\n\n\n\nlast\n', 0o644],
  ['deleted.ts', 'export const deleted = 0;\n', 0o644],
  ['merged.ts', 'export const merged = 0;\n', 0o644],
];

/** Writes the files that a temporary repository commits. */
export async function writeCommittedFiles(folder: ProjectFolder): Promise<void> {
  for (const [name, content, mode] of files) await folder.write(name, content, mode);
  await mkdir(path.join(folder.root, 'empty folder'));
  await symlink('src/a.ts', path.join(folder.root, 'link-to-a.ts'));
  // Windows has no such names.
  if (platform() !== 'win32') await folder.write('new\nline.txt', 'a name in two lines\n', 0o644);
}
