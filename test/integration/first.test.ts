import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SelfImprovementService } from '../../src/self-improvement-service.js';

let root: string;
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'moult-first-'));
  git('init', '-q', '-b', 'main');
  fs.mkdirSync(path.join(root, 'src'));
  fs.writeFileSync(path.join(root, 'src/a.txt'), 'one\n');
  fs.writeFileSync(path.join(root, 'src/b.txt'), 'two\n');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=b@c', 'commit', '-qm', 'x');
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const request = {
  description: 'x',
  targetFiles: [],
  requiresRestart: false,
  changes: [
    { file: 'src/a.txt', type: 'modify' as const, content: 'ONE\n' },
    { file: 'src/b.txt', type: 'delete' as const },
    { file: 'deep/er/c.txt', type: 'create' as const, content: 'three\n' },
  ],
};
const states: string[] = [];
const make = (command: string) =>
  new SelfImprovementService(root, {
    config: { checks: [{ name: 'c', type: 'custom', command, required: true }] },
    onProgress: (e) => states.push(e.type === 'state' ? e.state : e.type),
  });

test('keeps', async () => {
  const service = make('true');
  await service.planImprovement(request);
  const t = performance.now();
  const result = await service.executeImprovement();
  console.log(performance.now() - t, result, states.splice(0));
  expect(result.success).toBe(true);
  expect(fs.readFileSync(path.join(root, 'src/a.txt'), 'utf8')).toBe('ONE\n');
  expect(fs.existsSync(path.join(root, 'src/b.txt'))).toBe(false);
  expect(fs.readFileSync(path.join(root, 'deep/er/c.txt'), 'utf8')).toBe('three\n');
  const undone = await service.rollbackImprovement(result.taskId);
  console.log(undone, states.splice(0));
  expect(git('status', '--porcelain')).toBe('');
  expect(fs.existsSync(path.join(root, 'deep'))).toBe(false);
});

test('takes back', async () => {
  const service = make('false');
  await service.planImprovement(request);
  const result = await service.executeImprovement();
  console.log(result, states.splice(0));
  expect(result.status).toBe('rolled_back');
  expect(git('status', '--porcelain')).toBe('');
  expect(fs.existsSync(path.join(root, 'deep'))).toBe(false);
  expect(fs.statSync(path.join(root, 'src/a.txt')).nlink).toBe(1);
  console.log(
    execFileSync('find', [path.join(root, '.git/moult'), '-not', '-path', '*/objects/*'], {
      encoding: 'utf8',
    }),
  );
});
