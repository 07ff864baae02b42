import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CheckLog } from '../../../src/checks/check-log.js';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';

let file: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'moult-check-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  file = join(folder, 'a.log');
});
const mask = (text: string) => Promise.resolve(text);
const limits = { headBytes: 10, tailBytes: 5, mask };
const logged = async (...chunks: string[]) => {
  const log = await CheckLog.open(nodeFileSystem, file, limits);
  for (const chunk of chunks) log.append(Buffer.from(chunk));
  await log.close();
  return readFileSync(file, 'utf8');
};

describe('the log of a check', () => {
  it('may be empty', async () => {
    expect(await logged()).toBe('');
  });

  it.each([['short'], ['0123456789'], ['0123456789abcde']])('holds %s whole', async (text) => {
    expect(await logged(text)).toBe(text);
    expect(await logged(...text)).toBe(text);
  });

  it('holds beginning and end of what is longer, and says how much is missing', async () => {
    const text = `0123456789${'x'.repeat(1_234)}vwxyz`;
    const expected = '0123456789\n[… 1,234 bytes are left out here …]\nvwxyz';
    expect(await logged(text)).toBe(expected);
    expect(await logged(...text)).toBe(expected);
  });

  it('keeps the order where chunks come faster than they are written', async () => {
    const log = await CheckLog.open(nodeFileSystem, file, { mask });
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index}\n`);
    for (const [index, line] of lines.entries()) {
      log.append(Buffer.from(line));
      if (index % 500 === 0) await new Promise(setImmediate);
    }
    await log.close();
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
  });

  it('is masked in pieces that end with a line', async () => {
    const pieces: string[] = [];
    const log = await CheckLog.open(nodeFileSystem, file, {
      mask: (text) => {
        pieces.push(text);
        return Promise.resolve(text.replaceAll('secret', '******'));
      },
    });
    log.append(Buffer.from('a secret\n'.repeat(50_000)));
    await log.close();
    expect(readFileSync(file, 'utf8')).toBe('a ******\n'.repeat(50_000));
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.filter((piece) => !piece.endsWith('\n'))).toEqual([]);
  });
});
