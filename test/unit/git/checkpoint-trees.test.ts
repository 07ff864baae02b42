import * as fc from 'fast-check';
import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { GitProject } from './support/git-project.js';

const part = fc.constantFrom('a', 'a.b', 'a-b', 'a0', 'b', 'B', 'é');
const name = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), name, text: fc.string() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('link' as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mode' as const), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stage' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Does what can be done: a step whose way is blocked takes the obstacle away first. */
function take(project: GitProject, done: Step): void {
  if (done.kind === 'stage') return void project.git('add', '--all');
  if (done.kind === 'commit') {
    project.git('add', '--all');
    return void project.git('commit', '--quiet', '--allow-empty', '--message', 'x');
  }
  const exists = fs.existsSync(project.path(done.name));
  if (done.kind === 'mode') return exists ? fs.chmodSync(project.path(done.name), 0o755) : undefined;
  clear(project, done.name);
  if (done.kind === 'write') project.write(done.name, done.text);
  if (done.kind === 'link') {
    project.write(done.name, '');
    project.rm(done.name);
    project.link(done.name, 'a');
  }
}

function clear(project: GitProject, target: string): void {
  const parts = target.split('/');
  for (let count = 1; count <= parts.length; count += 1) {
    const file = project.path(parts.slice(0, count).join('/'));
    const stats = fs.lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (count === parts.length || !stats.isDirectory()) return fs.rmSync(file, { recursive: true });
  }
}

it('the tree of a checkpoint is the tree git would write of the same files', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
      const project = new GitProject();
      try {
        for (const each of steps) take(project, each);
        const before = project.manifest();
        const { commit } = await project.checkpoint();
        expect(project.manifest()).toEqual(before);
        project.git('add', '--all');
        const tree = project.storeGit('rev-parse', `${commit}^{tree}`).toString();
        expect(tree).toBe(project.git('write-tree'));
        project.fsck();
      } finally {
        project.remove();
      }
    }),
    { numRuns: 20 },
  );
});
