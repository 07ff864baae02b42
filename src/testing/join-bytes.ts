const slash = Buffer.from('/');

/** Entry `name` of a directory. Both are bytes, since a file name need not be UTF-8. */
export function joinBytes(directory: Uint8Array, name: Uint8Array): Buffer {
  return Buffer.concat([directory, slash, name]);
}
