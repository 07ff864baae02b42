// What the inspector costs the engine: improvements with the page's connection open and following them, against improvements
// that nobody looks at, turn by turn in one run.
// usage: npm run build && node test/bench/inspected.mjs [rounds]
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SelfImprovementService } from 'moult';
import { inspectService } from 'moult/inspector';

const rounds = Number(process.argv[2] ?? 20);
const fileCount = 20;
const root = await mkdtemp(join(tmpdir(), 'moult-inspected-'));
const config = {
  // A check prints something, as checks do.
  checks: [{ name: 'prints', type: 'custom', command: 'seq 20000', required: true }],
};
const git = (...args) =>
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { cwd: root });

try {
  await makeRepository();
  const samples = { alone: [], inspected: [] };
  for (let round = -2; round < rounds; round += 1) {
    // Who is first changes, so that neither side always finds the warm cache.
    const order = round % 2 === 0 ? [alone, inspected] : [inspected, alone];
    for (const side of order) {
      const ms = await side(round);
      if (round >= 0) samples[side.name].push(ms);
    }
  }
  const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const [without, withPage] = [median(samples.alone), median(samples.inspected)];
  const pairs = samples.alone.map((ms, index) => samples.inspected[index] / ms);
  console.log(`alone      median ${without.toFixed(1)} ms`);
  console.log(`inspected  median ${withPage.toFixed(1)} ms`);
  console.log(
    `ratio of medians ${(withPage / without).toFixed(3)}, median of ratios ${median(pairs).toFixed(3)} (${rounds} rounds)`,
  );
} finally {
  await rm(root, { recursive: true, force: true });
}

function alone(round) {
  return improve(new SelfImprovementService(root, { config }), `alone ${round}`);
}

async function inspected(round) {
  const service = new SelfImprovementService(root, { config });
  const inspector = await inspectService(service);
  let connection;
  // The page is open and has everything so far: what is measured is to be followed, not to be opened.
  const follow = (taskId) =>
    new Promise((resolve) => {
      let text = '';
      connection = get(`${inspector.url}api/events?task=${taskId}`, (response) => {
        response.on('data', (chunk) => {
          text += chunk;
          if (text.includes('event: improvement')) resolve();
        });
      });
    });
  const ms = await improve(service, `inspected ${round}`, follow);
  connection.destroy();
  await inspector.close();
  return ms;
}

/** How long the execution takes; the plan is made, and the page connected, before. */
async function improve(service, text, beforeExecution = () => undefined) {
  const changes = Array.from({ length: fileCount }, (_, index) => ({
    ...{ file: `src/file-${index}.ts`, type: 'modify', content: `export const value = '${text}';\n` },
  }));
  const taskId = await service.planImprovement({
    description: text,
    targetFiles: [],
    changes,
    requiresRestart: false,
  });
  await beforeExecution(taskId);
  const begin = performance.now();
  const { status } = await service.executeImprovement(taskId);
  const ms = performance.now() - begin;
  if (status !== 'completed') throw new Error(`It ended as ${status}`);
  return ms;
}

async function makeRepository() {
  await mkdir(join(root, 'src'));
  for (let index = 0; index < fileCount; index += 1)
    await writeFile(join(root, 'src', `file-${index}.ts`), `export const value = ${index};\n`);
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'bench');
}
