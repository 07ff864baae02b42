import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { judgeAttacks } from './judge-attacks.js';
import { pathAttacks } from './path-attacks.js';
import { callerVariables, configuredPrograms, hooks } from './repository-attacks.js';
import { requestAttacks } from './request-attacks.js';

const repository = path.resolve(import.meta.dirname, '../..');
const docs = fs.readFileSync(path.join(repository, 'docs/security.md'), 'utf8');
const rows = [...docs.matchAll(/^\| (.+) \| `(test\/[^`]+)`: (.+) \|$/gm)].map(([, attack, file, name]) => ({
  attack: attack ?? '',
  file: file ?? '',
  name: name ?? '',
}));

it('names at least twenty attacks', () => {
  expect(rows.length).toBeGreaterThanOrEqual(20);
});

it.each(rows)('$attack: the test exists', ({ file, name }) => {
  const text = fs.readFileSync(path.join(repository, file), 'utf8');
  expect(text).toContain(name);
});

it('the tables hold as many cases as the page says, eighty and more, each with a name of its own', () => {
  const names = [
    ...[...pathAttacks, ...requestAttacks, ...judgeAttacks].map(({ name }) => name),
    ...Object.keys(configuredPrograms),
    ...hooks,
    ...Object.keys(callerVariables),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(80);
  expect(docs).toContain(`tables of ${names.length} attacks`);
});
