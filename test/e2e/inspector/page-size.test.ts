import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { repository } from '../../support/built-package.js';

const built = (name: string) => readFileSync(path.join(repository, 'dist/inspector-page', name), 'utf8');

it('the script of the page is small', () => {
  expect(gzipSync(built('page.js'), { level: 9 }).length).toBeLessThan(60 * 1024);
});

it('neither script nor style knows another address to ask', () => {
  const names = [
    'http://www.w3.org/2000/svg',
    'http://www.w3.org/1999/xhtml',
    'http://www.w3.org/1998/Math/MathML',
  ];
  const addresses = `${built('page.js')}${built('page.css')}`.match(/(?:https?|wss?):\/\/[^\s"'`)]+/g) ?? [];
  expect(addresses.filter((address) => !names.includes(address))).toEqual([]);
});
