// A process that dies in the middle. The child of this program is killed with SIGKILL when the first of two files is new
// and the second is still old; the next process finds that and takes it back.
// Run it with: npm run build && node examples/recover-after-kill.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SelfImprovementService } from 'moult';
import { withProject } from './with-project.mjs';

const checks = [{ name: 'nothing to say', type: 'custom', command: 'node --version', required: true }];
const files = { 'a.txt': 'old a\n', 'b.txt': 'old b\n' };

const [, , childRoot] = process.argv;
if (childRoot) await improveAndDie(childRoot);
else await withProject(files, killAndRecover);

async function improveAndDie(root) {
  const service = new SelfImprovementService(root, {
    config: { checks },
    // Nothing can be cleaned up after SIGKILL: no handler, no finally, no exit hook runs.
    onProgress: ({ type }) => type === 'applied' && process.kill(process.pid, 'SIGKILL'),
  });
  await service.planImprovement({
    description: 'Two files that belong together',
    targetFiles: [],
    changes: [
      { file: 'a.txt', type: 'modify', content: 'new a\n' },
      { file: 'b.txt', type: 'modify', content: 'new b\n' },
    ],
    requiresRestart: false,
  });
  await service.executeImprovement();
}

async function killAndRecover(root) {
  const read = (file) => readFile(path.join(root, file), 'utf8');
  const { signal } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), root], {
    stdio: 'inherit',
  });
  assert.equal(signal, 'SIGKILL');
  assert.deepEqual([await read('a.txt'), await read('b.txt')], ['new a\n', 'old b\n']);
  console.log('killed: a.txt is new, b.txt is old');

  // To be called when a program starts: it finishes or takes back what a dead process left.
  const service = new SelfImprovementService(root, { config: { checks } });
  const [recovered] = await service.recover();
  assert.equal(recovered?.foundIn, 'implementing.applying');
  assert.equal(recovered.result.status, 'rolled_back');
  assert.deepEqual([await read('a.txt'), await read('b.txt')], ['old a\n', 'old b\n']);
  console.log(`recovered: ${recovered.result.taskId} is ${recovered.result.status}, both files are old`);

  assert.deepEqual(await service.recover(), []);
}
