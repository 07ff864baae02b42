import { MoultError } from '../errors/moult-error.js';
import type { ObjectFormat } from './git-object.js';
import { parseCachedTrees } from './parse-cached-trees.js';

/** One line of git's index: what a path held when it was last added, checked out or refreshed. */
export interface IndexEntry {
  /** One character per byte. */
  path: string;
  mode: number;
  /** Of the file in the working tree, modulo 2^32. */
  sizeBytes: number;
  oid: string;
  /** Above 0 in a merge that has conflicts. */
  stage: number;
  /** git was told not to look whether the file changed. */
  assumeUnchanged: boolean;
  /** The file is left out of a sparse checkout. */
  skipWorktree: boolean;
  /** Only announced: the index holds no content for it yet. */
  intentToAdd: boolean;
}

export interface GitIndex {
  entries: IndexEntry[];
  /** The entries are changes to those of another file. */
  isSplit: boolean;
  /**
   * The trees git has already written for folders as the index has them, by path with a slash at the end; the top
   * folder's path is empty. A folder in which something was staged since is not among them.
   */
  trees: ReadonlyMap<string, string>;
}

const headerBytes = 12;
const statBytes = 40;

/**
 * Reads the index format (versions 2 to 4, gitformat-index(5)): only to learn what no git command tells without
 * listing everything. What the files hold, git says.
 *
 * @throws MoultError GIT_FAILED where it is not an index this code knows.
 */
export function parseIndex(bytes: Buffer, objectFormat: ObjectFormat): GitIndex {
  const oidBytes = objectFormat === 'sha256' ? 32 : 20;
  try {
    return parse(bytes, oidBytes);
  } catch (error) {
    // Every read past the end, and our own doubts.
    if (!(error instanceof RangeError)) throw error;
    throw new MoultError('GIT_FAILED', { command: 'index', reason: error.message }, { cause: error });
  }
}

function parse(bytes: Buffer, oidBytes: number): GitIndex {
  const version = bytes.readUInt32BE(4);
  if (bytes.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) {
    throw new RangeError('the index has a format that is not known');
  }
  const entries: IndexEntry[] = [];
  let at = headerBytes;
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    at = readEntry(bytes, at, { version, oidBytes, entries });
  }
  return { entries, ...readExtensions(bytes, at, oidBytes) };
}

interface Reading {
  version: number;
  oidBytes: number;
  entries: IndexEntry[];
}

/** Appends the entry that begins at `start`; answers with where the next one begins. */
function readEntry(bytes: Buffer, start: number, { version, oidBytes, entries }: Reading): number {
  const oidStart = start + statBytes;
  const flags = bytes.readUInt16BE(oidStart + oidBytes);
  const isExtended = version >= 3 && (flags & 0x4000) !== 0;
  const extended = isExtended ? bytes.readUInt16BE(oidStart + oidBytes + 2) : 0;
  const nameStart = oidStart + oidBytes + (isExtended ? 4 : 2);
  const previous = entries.at(-1)?.path ?? '';
  const name = version === 4 ? readCompressedName(bytes, nameStart, previous) : readName(bytes, nameStart);
  entries.push({
    path: name.path,
    mode: bytes.readUInt32BE(start + 24),
    sizeBytes: bytes.readUInt32BE(start + 36),
    oid: bytes.toString('hex', oidStart, oidStart + oidBytes),
    stage: (flags >> 12) & 3,
    assumeUnchanged: (flags & 0x8000) !== 0,
    skipWorktree: (extended & 0x4000) !== 0,
    intentToAdd: (extended & 0x2000) !== 0,
  });
  // Before version 4, one to eight NULs fill an entry up to a multiple of eight.
  return version === 4 ? name.end + 1 : start + ((name.end - start + 8) & ~7);
}

interface Name {
  path: string;
  /** Where its NUL is. */
  end: number;
}

function readName(bytes: Buffer, start: number): Name {
  const end = bytes.indexOf(0, start);
  if (end < 0) throw new RangeError('the index ends within a name');
  return { path: bytes.toString('latin1', start, end), end };
}

/** Version 4: how many bytes of the previous name to drop, then what to append. */
function readCompressedName(bytes: Buffer, start: number, previous: string): Name {
  let at = start;
  let byte = bytes.readUInt8(at++);
  let dropped = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes.readUInt8(at++);
    dropped = (dropped + 1) * 128 + (byte & 0x7f);
  }
  if (dropped > previous.length) throw new RangeError('the index drops more of a name than there is');
  const { path, end } = readName(bytes, at);
  return { path: previous.slice(0, previous.length - dropped) + path, end };
}

function readExtensions(bytes: Buffer, start: number, oidBytes: number): Omit<GitIndex, 'entries'> {
  const checksumStart = bytes.length - oidBytes;
  let isSplit = false;
  let trees: ReadonlyMap<string, string> = new Map();
  let at = start;
  while (at < checksumStart) {
    const signature = bytes.toString('latin1', at, at + 4);
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    if (signature === 'link') isSplit = true;
    if (signature === 'TREE') trees = parseCachedTrees(bytes.subarray(at + 8, end), oidBytes);
    at = end;
  }
  if (at !== checksumStart) throw new RangeError('the index does not end where it should');
  return { isSplit, trees };
}
