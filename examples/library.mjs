// The library, from plan to undo: one change that is kept, one that is taken back, one that is undone later.
// Run it with: npm run build && node examples/library.mjs
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SelfImprovementService } from 'moult';
import { withProject } from './with-project.mjs';

const files = {
  'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts: { test: 'node test.js' } }),
  'price.js': 'export const price = (net) => net * 1.19;\n',
  'test.js': [
    "import assert from 'node:assert/strict';",
    "import { price } from './price.js';",
    'assert.equal(price(100), 119);',
    '',
  ].join('\n'),
};

await withProject(files, async (root) => {
  const readPrice = () => readFile(path.join(root, 'price.js'), 'utf8');
  // Without a configuration the project's own build, lint and test scripts judge.
  const service = new SelfImprovementService(root);
  const planNewPrice = (newText) =>
    service.planImprovement({
      description: 'Say what the factor is',
      targetFiles: [],
      changes: [{ file: 'price.js', type: 'modify', edits: [{ oldText: 'net * 1.19', newText }] }],
      requiresRestart: false,
    });

  // A plan only decides. Nothing is touched before it is executed.
  const wrong = await planNewPrice('net * 1.9');
  assert.equal(service.getState()?.currentTask?.status, 'planning');
  assert.equal(await readPrice(), files['price.js']);

  const takenBack = await service.executeImprovement(wrong);
  assert.equal(takenBack.status, 'rolled_back');
  assert.equal(takenBack.error, 'Validation failed');
  assert.equal(await readPrice(), files['price.js']);
  console.log(
    `${wrong}: ${takenBack.status}, because "${takenBack.checks[0]?.name}" ${takenBack.checks[0]?.status}`,
  );

  const right = await planNewPrice('(net * 119) / 100');
  const kept = await service.executeImprovement(right);
  assert.equal(kept.status, 'completed');
  assert.deepEqual(kept.changesApplied, ['price.js']);
  assert.match(await readPrice(), /119\) \/ 100/);
  console.log(`${right}: ${kept.status}, changed ${kept.changesApplied.join(', ')}`);

  // Completed is not final for you: the old bytes are still there.
  const undone = await service.rollbackImprovement(right);
  assert.equal(undone.status, 'rolled_back');
  assert.equal(await readPrice(), files['price.js']);
  console.log(`${right}: ${undone.status} on request`);

  // An improvement that has ended cannot be executed again.
  await assert.rejects(service.executeImprovement(right), { code: 'TASK_FINISHED' });

  const history = await service.listImprovements();
  assert.deepEqual(
    history.map(({ taskId, status }) => [taskId, status]),
    [
      [wrong, 'rolled_back'],
      [right, 'rolled_back'],
    ],
  );
});
