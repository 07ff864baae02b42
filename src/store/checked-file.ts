import { createHash } from 'node:crypto';
import { MoultError } from '../errors/moult-error.js';

/** JSON as a file that knows whether it is whole: its SHA-256 on the first line, itself on the second. */
export function encodeChecked(value: unknown): Buffer {
  const json = JSON.stringify(value);
  return Buffer.from(`${sha256(json)}\n${json}\n`);
}

/** @throws STATE_UNREADABLE where a bit is wrong or a byte is missing. */
export function decodeChecked(bytes: Buffer, file: string): unknown {
  const unreadable = (reason: string, cause?: unknown) =>
    new MoultError('STATE_UNREADABLE', { file, reason, saved: null }, { cause });
  const text = bytes.toString('utf8');
  const json = text.slice(text.indexOf('\n') + 1, -1);
  if (text !== `${sha256(json)}\n${json}\n`) throw unreadable('its checksum does not match');
  try {
    return JSON.parse(json);
  } catch (error) {
    throw unreadable((error as Error).message, error);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
