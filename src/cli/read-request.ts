import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { MoultError } from '../errors/moult-error.js';
import type { ImprovementRequest } from '../improvement.js';
import { changesWithoutContent } from '../plan/changes-without-content.js';
import { parseRequest } from '../plan/parse-request.js';
import type { Io } from './io.js';
import { parseJson } from './parse-json.js';

/** More than any plan needs, and less than a string can hold. */
const maxRequestBytes = 256 * 1024 * 1024;

/**
 * Reads a request that can be carried out: the command line has no editor that could supply contents later.
 *
 * @param source a file, or `-` for standard input.
 * @throws REQUEST_UNREADABLE, REQUEST_INVALID, NOTHING_TO_DO, CHANGE_WITHOUT_CONTENT.
 */
export async function readRequest(io: Io, source: string): Promise<ImprovementRequest> {
  const name = source === '-' ? 'from standard input' : JSON.stringify(source);
  const text = await readText(name, openSource(io, source, name));
  const request = parseRequest(parseJson(text, (reason) => unreadable(name, reason)));
  if (request.changes.length === 0) throw new MoultError('NOTHING_TO_DO', { reason: 'it has no changes' });
  const lacking = changesWithoutContent(request);
  if (lacking.length > 0) throw new MoultError('CHANGE_WITHOUT_CONTENT', { paths: lacking });
  return request;
}

function openSource(io: Io, source: string, name: string): Readable {
  if (source !== '-') return createReadStream(source);
  if (io.stdin.isTTY) throw unreadable(name, 'it is a terminal, and nobody types JSON; pipe a file into it');
  return io.stdin;
}

async function readText(name: string, stream: Readable): Promise<string> {
  try {
    const bytes = await readBytes(name, stream);
    // Leaves out a byte order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof MoultError) throw error;
    throw unreadable(name, reasonOf(error as NodeJS.ErrnoException), error);
  }
}

async function readBytes(name: string, stream: Readable): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxRequestBytes) throw unreadable(name, 'it is larger than 256 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'you have no right to read it',
    ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
  };
  return reasons[code ?? ''] ?? message;
}

function unreadable(source: string, reason: string, cause?: unknown): MoultError {
  return new MoultError('REQUEST_UNREADABLE', { source, reason }, { cause });
}
