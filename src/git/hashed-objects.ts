import type { FileHandle } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import type { ObjectSink } from './capture-file.js';
import { objectHeader, objectId, type GitObject, type ObjectFormat } from './git-object.js';
import { readChunks } from './read-chunks.js';

/** Names contents as git would, and keeps nothing of them. */
export class HashedObjects implements ObjectSink {
  constructor(private readonly format: ObjectFormat) {}

  write(object: GitObject): Promise<string> {
    return Promise.resolve(objectId(this.format, object));
  }

  writeFile(source: FileHandle, sizeBytes: number): Promise<string> {
    return this.hashFile(source, sizeBytes);
  }

  async hashFile(source: FileHandle, sizeBytes: number): Promise<string> {
    const hash = createHash(this.format).update(objectHeader('blob', sizeBytes));
    for await (const chunk of readChunks(source, sizeBytes)) hash.update(chunk);
    return hash.digest('hex');
  }
}
