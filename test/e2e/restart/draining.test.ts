import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SupervisedProject, version } from './supervised-project.js';

let project: SupervisedProject;
beforeAll(async () => (project = await SupervisedProject.make({ delayMs: 500 })));
afterAll(() => project.remove());

/** Each request takes a while, and the server notes which ones it has taken on. */
const slow = `
import { appendFileSync } from 'node:fs';
export const behave = (request) => {
  const id = request.headers['x-id'];
  if (id) appendFileSync('taken-on.log', id + '\\n');
  return { delayMs: 250 };
};`;

it('every request that the server has taken on is answered while it drains', async () => {
  project.write('version.js', version('old', slow));
  const guard = await project.supervise();
  const answered = new Set<string>();
  let next = 0;
  let isOver = false;
  const worker = async () => {
    while (!isOver) {
      const id = String(next++);
      try {
        const response = await fetch(`http://127.0.0.1:${project.port}/`, { headers: { 'x-id': id } });
        if (response.ok && (await response.text()) !== '') answered.add(id);
      } catch {
        // Whether it counts is told by what the server has noted.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const workers = Array.from({ length: 20 }, worker);
  const taskId = await project.changeVersion(version('new', slow));
  await project.restartIsOver(taskId);
  isOver = true;
  await Promise.all(workers);
  const file = path.join(project.root, 'taken-on.log');
  const takenOn = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  expect(project.restart()?.value, guard.log()).toBe('confirmed');
  expect(takenOn.length).toBeGreaterThan(20);
  expect(takenOn.filter((id) => !answered.has(id))).toEqual([]);
});
