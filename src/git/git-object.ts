import { createHash } from 'node:crypto';

export type ObjectFormat = 'sha1' | 'sha256';

/** The id of an object, of either format. */
export const oidPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export interface GitObject {
  type: 'blob' | 'tree' | 'commit';
  content: Uint8Array;
}

/** What stands before the content of an object, in its hash and in its file. */
export const objectHeader = (type: GitObject['type'], sizeBytes: number): Buffer =>
  Buffer.from(`${type} ${sizeBytes}\0`);

/** The name git gives to an object. */
export function objectId(format: ObjectFormat, { type, content }: GitObject): string {
  return createHash(format).update(objectHeader(type, content.length)).update(content).digest('hex');
}
