/*
 * A name in git is a string of bytes, not of characters. Here it is held as a string with one character per byte
 * (latin1), which compares, splits and joins like any other and loses nothing.
 */

/** The bytes of a name. */
export const nameToBytes = (name: string): Buffer => Buffer.from(name, 'latin1');

/** A path, as Node and people write it, as a name. */
export const pathToName = (path: string): string => Buffer.from(path, 'utf8').toString('latin1');

/** For messages: the characters the bytes stand for, in quotes. */
export const showName = (name: string): string => JSON.stringify(nameToBytes(name).toString('utf8'));
