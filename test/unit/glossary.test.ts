import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');

it('the glossary points to files that exist', () => {
  const text = readFileSync(path.join(repository, 'docs/glossary.md'), 'utf8');
  const files = [...text.matchAll(/`((?:src|machines)\/[^`]+)`/g)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(15);
  expect(files.filter((file) => !existsSync(path.join(repository, file)))).toEqual([]);
});
