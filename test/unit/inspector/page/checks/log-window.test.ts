import { describe, expect, it } from 'vitest';
import {
  emptyLog,
  fromBytes,
  textOf,
  toBytes,
  withEarlier,
  withLater,
} from '../../../../../src/inspector/page/checks/log-window.js';
import type { LogPage } from '../../../../../src/inspector/protocol/improvement.js';

const page = (text: string, fromBytes: number, sizeBytes = 100): LogPage => ({
  text,
  fromBytes,
  toBytes: fromBytes + Buffer.byteLength(text),
  sizeBytes,
});
const megabyte = 'x'.repeat(1024 * 1024);

describe('a window on a log', () => {
  it('grows at its end', () => {
    const window = withLater(withLater(emptyLog, page('a\n', 0)), page('b\n', 2));
    expect(textOf(window)).toBe('a\nb\n');
    expect(toBytes(window)).toBe(4);
  });

  it('does not take what does not follow', () => {
    const window = withLater(withLater(emptyLog, page('a\n', 0)), page('c\n', 9));
    expect(textOf(window)).toBe('a\n');
  });

  it('grows at its beginning by just what is missing, also between bytes of other lengths', () => {
    const window = withEarlier(withLater(emptyLog, page('end\n', 7)), page('é漢x\nend\n', 0));
    expect(textOf(window)).toBe('é漢x\nend\n');
    expect(fromBytes(window)).toBe(0);
  });

  it('lets go of the other end where it becomes too much', () => {
    const all = 4 * 1024 * 1024;
    let window = emptyLog;
    for (let from = 0; from < all; from += megabyte.length)
      window = withLater(window, page(megabyte, from, all));
    expect([fromBytes(window), toBytes(window)]).toEqual([2 * megabyte.length, all]);
    window = withEarlier(window, page(megabyte, megabyte.length, all));
    expect([fromBytes(window), toBytes(window)]).toEqual([megabyte.length, 3 * megabyte.length]);
  });
});
