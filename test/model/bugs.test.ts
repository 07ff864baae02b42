import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(import.meta.dirname, 'bugs');
const patches = readdirSync(folder);

describe('the bugs that are put in on purpose', () => {
  it('are ten at least', () => {
    expect(patches.length).toBeGreaterThanOrEqual(10);
  });

  it.each(patches)('%s still fits the source, and names tests that exist', (name) => {
    const patch = path.join(folder, name);
    execFileSync('git', ['apply', '--check', patch], { cwd: root, stdio: 'pipe' });
    const [, tests = 'none'] = /^Found by: (.+)$/m.exec(readFileSync(patch, 'utf8')) ?? [];
    expect(existsSync(path.join(root, tests))).toBe(true);
  });
});
