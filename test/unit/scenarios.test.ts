import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');
const document = readFileSync(path.join(repository, 'docs/scenarios.md'), 'utf8');
const rows = document
  .split('\n')
  .map((line) => /^\| (\d+) +\| (.+?) +\| (.+?) +\|$/.exec(line))
  .flatMap((match) => (match ? [{ line: Number(match[1]), tests: match[3]! }] : []));

describe('docs/scenarios.md', () => {
  it('has every line once, in order', () => {
    expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: 98 }, (_, index) => index + 1));
  });

  it.each(rows)('names tests that exist for line $line', ({ tests }) => {
    if (/^issue \d$/.test(tests)) return;
    for (const named of tests.split('<br>')) {
      const [, file, , title] = /^`(test\/[^`]+)`(: "(.+)")?$/.exec(named) ?? [];
      expect(file, named).toBeDefined();
      expect(existsSync(path.join(repository, file!)), named).toBe(true);
      expect(readFileSync(path.join(repository, file!), 'utf8'), named).toContain(title ?? '');
    }
  });
});
