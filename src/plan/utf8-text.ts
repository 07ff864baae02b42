import { isUtf8 } from 'node:buffer';
import { MoultError } from '../errors/moult-error.js';

/** The bytes as text, byte order mark and line ends as they are. @throws MoultError NOT_TEXT */
export function decodeText(path: string, bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new MoultError('NOT_TEXT', { path });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** @throws MoultError NOT_TEXT for half a surrogate pair, which would silently become another character. */
export function encodeText(path: string, text: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text)) throw new MoultError('NOT_TEXT', { path });
  return Buffer.from(text, 'utf8');
}
