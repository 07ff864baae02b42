import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { nodeFileSystem as fileSystem } from '../../../src/ports/node-file-system.js';
import { Journal, type JournalBody } from '../../../src/store/journal.js';
import { tempFolder } from './support/temp-folder.js';

const fence = { token: 5, assertHeld: () => Promise.resolve() };
const outcome = (index: number): JournalBody => ({ type: 'outcome', index });

async function journalOf(...bodies: JournalBody[]) {
  const file = path.join(tempFolder(), 'journal.log');
  fs.writeFileSync(file, '');
  const open = () => Journal.open({ fileSystem, file, now: () => 0 });
  const journal = await open();
  await journal.append(bodies, fence);
  return { file, journal, open };
}

test('what was appended is read back, numbered and with the token', async () => {
  const { journal, open } = await journalOf(outcome(1), outcome(2));
  await journal.append([{ type: 'sealed' }], fence);
  const again = await open();
  expect(again.all()).toEqual(journal.all());
  expect(again.all().map(({ seq, token }) => [seq, token])).toEqual([
    [1, 5],
    [2, 5],
    [3, 5],
  ]);
  expect(again.of('outcome')).toEqual([outcome(1), outcome(2)]);
  expect(again.of('sealed')).toHaveLength(1);
});

test('nothing to append writes nothing, and asks nobody', async () => {
  const { file, journal } = await journalOf();
  await journal.append([], { token: 1, assertHeld: () => Promise.reject(new Error('asked')) });
  expect(fs.readFileSync(file)).toHaveLength(0);
});

test('a superseded process appends nothing', async () => {
  const { file, journal } = await journalOf(outcome(1));
  const before = fs.readFileSync(file, 'utf8');
  const lost = { token: 1, assertHeld: () => Promise.reject(new Error('lost')) };
  await expect(journal.append([outcome(2)], lost)).rejects.toThrow('lost');
  expect(fs.readFileSync(file, 'utf8')).toBe(before);
  expect(journal.all()).toHaveLength(1);
});

test('a torn end at any byte is dropped, and the next record takes its place', async () => {
  const { file, open } = await journalOf(outcome(1), outcome(2));
  const whole = fs.readFileSync(file);
  const first = whole.indexOf('\n') + 1;
  for (let length = first; length < whole.length; length += 1) {
    fs.writeFileSync(file, whole.subarray(0, length));
    const journal = await open();
    expect(journal.of('outcome'), `cut at ${length}`).toEqual([outcome(1)]);
    await journal.append([outcome(3)], fence);
    expect((await open()).of('outcome')).toEqual([outcome(1), outcome(3)]);
  }
});

test('a flipped bit before the last record is refused, in it dropped', async () => {
  const { file, open } = await journalOf(outcome(1), outcome(2));
  const whole = fs.readFileSync(file);
  const first = whole.indexOf('\n');
  for (let place = 0; place < whole.length; place += 3) {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(place) ^ 4, place);
    fs.writeFileSync(file, bytes);
    if (place <= first)
      await expect(open(), `bit at ${place}`).rejects.toMatchObject({
        code: 'STATE_UNREADABLE',
        details: { file },
      });
    else expect((await open()).of('outcome'), `bit at ${place}`).toEqual([outcome(1)]);
  }
});

test('zeros that a power loss left at the end are dropped', async () => {
  const { file, open } = await journalOf(outcome(1));
  fs.appendFileSync(file, Buffer.alloc(4096));
  expect((await open()).of('outcome')).toEqual([outcome(1)]);
});

test('records out of order, or twice, are refused', async () => {
  const { file, open } = await journalOf(outcome(1), outcome(2), outcome(3));
  const [one = '', two = '', three = ''] = fs.readFileSync(file, 'utf8').split('\n');
  for (const lines of [
    [two, one, three],
    [one, one, two],
    [one, three, two],
  ]) {
    fs.writeFileSync(file, `${lines.join('\n')}\n`);
    await expect(open()).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
  }
});

test('a missing journal is refused: it holds the only word of what was touched', async () => {
  const { file, open } = await journalOf();
  fs.rmSync(file);
  await expect(open()).rejects.toMatchObject({ code: 'STATE_UNREADABLE', details: { file } });
});

test('paths with line ends and other letters come back as they were', async () => {
  const name = 'a\nb "c" 日本\u2028.ts';
  const absent = { kind: 'absent' } as const;
  const { open } = await journalOf({
    type: 'intent',
    index: 0,
    path: name,
    anchor: '',
    before: absent,
    after: null,
  });
  expect((await open()).of('intent')[0]?.path).toBe(name);
});

test('a short write of the disk is carried on', async () => {
  const { file } = await journalOf();
  const slow = {
    ...fileSystem,
    open: async (...args: Parameters<typeof fileSystem.open>) => {
      const handle = await fileSystem.open(...args);
      const write = handle.write.bind(handle) as (...all: unknown[]) => Promise<{ bytesWritten: number }>;
      const shortened = (bytes: Uint8Array, offset: number, _length: number, position: number) =>
        write(bytes, offset, 1, position);
      return Object.assign(handle, { write: shortened as unknown as typeof handle.write });
    },
  };
  const journal = await Journal.open({ fileSystem: slow, file, now: () => 0 });
  await journal.append([outcome(1), outcome(2)], fence);
  expect((await Journal.open({ fileSystem, file, now: () => 0 })).of('outcome')).toEqual([
    outcome(1),
    outcome(2),
  ]);
});

test('a whole record of an unknown kind was written by a newer version, and is refused as that', async () => {
  const { file, open } = await journalOf(outcome(1));
  const json = JSON.stringify({ seq: 2, token: 1, at: 'now', body: { type: 'moved', index: 1 } });
  const checksum = createHash('sha256').update(json).digest('hex').slice(0, 16);
  fs.appendFileSync(file, `${checksum} ${json}\n`);
  await expect(open()).rejects.toMatchObject({ code: 'STATE_TOO_NEW', details: { found: 'record moved' } });
});
