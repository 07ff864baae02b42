import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { FileSystem } from '../ports/file-system.js';

/**
 * Says how the journal began when the first file of the project was about to be changed: an empty file whose name holds
 * how many bytes that were, and their hash. A journal that was cut off, or replaced by an older copy, would otherwise
 * look like one that never went so far, and what it forgot would not be put back.
 */
const pattern = /^journal\.whole\.(\d+)\.([0-9a-f]{32})$/;

/** The name of the mark for these bytes. */
export function journalMark(bytes: Buffer): string {
  return `journal.whole.${bytes.length}.${hashOf(bytes)}`;
}

/** The marks in a task's folder. */
export async function journalMarks(fs: FileSystem, folder: string): Promise<string[]> {
  return (await fs.readdir(folder)).filter((name) => pattern.test(name));
}

/** @throws STATE_UNREADABLE where the journal is not what it was. */
export async function refuseCutJournal(fs: FileSystem, file: string, bytes: Buffer): Promise<void> {
  for (const name of await journalMarks(fs, path.dirname(file))) {
    const [, length = '', hash] = pattern.exec(name) ?? [];
    const beginning = bytes.subarray(0, Number(length));
    if (beginning.length === Number(length) && hashOf(beginning) === hash) continue;
    const reason = 'it is not what it was when the first file was changed';
    throw new MoultError('STATE_UNREADABLE', { file, reason, saved: null });
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
