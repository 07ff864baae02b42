/**
 * How the engine does with a large plan, a large file, a long history and a large repository. Prints times in
 * milliseconds, memory in MiB, and how long the event loop was held up at most.
 *
 *     npm run build && node test/bench/scale.mjs [plan] [file] [history] [repository] [--small]
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';

const { SelfImprovementService } = await import(process.env.MOULT_DIST ?? '../../dist/index.js');
const words = process.argv.slice(2);
const isSmall = words.includes('--small');
const chosen = words.filter((word) => !word.startsWith('--'));
const silent = { debug() {}, info() {}, warn: console.error, error: console.error };
const checks = [{ name: 'passes', type: 'custom', command: 'true', required: true }];

const workloads = {
  plan: () => largePlan(isSmall ? 1_000 : 10_000),
  file: () => largeFile(isSmall ? 64 : 2_049),
  history: () => longHistory(isSmall ? [10, 100] : [10, 1_000]),
  repository: () => largeRepository(isSmall ? [100, 2_000] : [100, 50_000]),
};
for (const [name, run] of Object.entries(workloads))
  if (chosen.length === 0 || chosen.includes(name)) await run();

/** A new repository in a temporary folder, and a service for it. */
async function within(work) {
  const root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'moult-scale-'));
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', '-c', 'gc.auto=0', ...args], {
      cwd: root,
      stdio: 'ignore',
    });
  try {
    git('init', '-q');
    const options = { logger: silent, config: { checks, retention: { keepLast: 100_000 } } };
    return await work({ root, git, options, service: new SelfImprovementService(root, options) });
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** Time, the longest pause of the event loop, open files and the growth of memory, while `work` runs. */
async function measure(name, work) {
  globalThis.gc?.();
  const peak = { pauseMs: 0, at: '', rss: process.memoryUsage().rss, files: 0 };
  const start = peak.rss;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    peak.pauseMs = Math.max(peak.pauseMs, now - last - 5);
    last = now;
    peak.rss = Math.max(peak.rss, process.memoryUsage().rss);
    if (process.platform === 'linux')
      peak.files = Math.max(peak.files, fs.readdirSync('/proc/self/fd').length);
  }, 5);
  const begun = performance.now();
  const answer = await work();
  const ms = performance.now() - begun;
  clearInterval(timer);
  const grown = (peak.rss - start) / 2 ** 20;
  console.log(
    `${name.padEnd(44)} ${ms.toFixed(0).padStart(8)} ms   pause ${peak.pauseMs.toFixed(0).padStart(5)} ms   +${grown.toFixed(0).padStart(4)} MiB   ${peak.files} files open`,
  );
  return answer;
}

async function largePlan(count) {
  await within(async ({ root, service }) => {
    const name = (index) => `src/d${index % 100}/f${index}.txt`;
    const third = Math.floor(count / 3);
    for (let folder = 0; folder < 100; folder += 1)
      fs.mkdirSync(path.join(root, `src/d${folder}`), { recursive: true });
    for (let index = 0; index < 2 * third; index += 1)
      fs.writeFileSync(path.join(root, name(index)), `${index}\n`);
    const changes = Array.from({ length: 3 * third }, (_, index) => {
      if (index < third) return { file: name(index), type: 'modify', content: `new ${index}\n` };
      if (index < 2 * third) return { file: name(index), type: 'delete' };
      return { file: `made/${name(index)}`, type: 'create', content: `made ${index}\n` };
    });
    const request = { description: 'large', targetFiles: [], requiresRestart: false, changes };
    await measure(`plan of ${count} files`, () => service.planImprovement(request));
    const { success, taskId } = await measure('  execute', () => service.executeImprovement());
    const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
    const isIn =
      success &&
      changes.every(({ file, type, content }) =>
        type === 'delete' ? !fs.existsSync(path.join(root, file)) : read(file) === content,
      );
    if (!isIn) throw new Error('the plan is not in place');
    await measure('  rollback', () => service.rollbackImprovement(taskId));
    for (let index = 0; index < 2 * third; index += 1)
      if (read(name(index)) !== `${index}\n`) throw new Error(`${name(index)} is not back`);
    if (fs.existsSync(path.join(root, 'made'))) throw new Error('a folder was left');
  });
}

async function largeFile(megabytes) {
  await within(async ({ root, service }) => {
    const file = path.join(root, 'large.bin');
    const base = { description: 'large', targetFiles: [], requiresRestart: false };
    const { bavail, bsize } = fs.statfsSync(root);
    // A change of mode copies the file. Elsewhere the disk holds no more than the sparse file does.
    const needed = 1.2 * megabytes * 2 ** 20;
    const room = bavail * bsize;
    if (room < needed) {
      console.log(`file of ${megabytes} MiB: skipped, the disk has only ${Math.floor(room / 2 ** 20)} MiB`);
      return;
    }
    for (const change of [
      { file: 'large.bin', type: 'modify', mode: '0600' },
      { file: 'large.bin', type: 'modify', content: 'small' },
      { file: 'large.bin', type: 'delete' },
    ]) {
      fs.rmSync(file, { force: true });
      fs.writeFileSync(file, 'x', { mode: 0o644 });
      fs.chmodSync(file, 0o644);
      fs.truncateSync(file, megabytes * 2 ** 20);
      await measure(`file of ${megabytes} MiB, ${change.mode ? 'mode' : change.type}: plan`, () =>
        service.planImprovement({ ...base, changes: [change] }),
      );
      const { success, taskId } = await measure('  execute', () => service.executeImprovement());
      if (!success) throw new Error('it did not succeed');
      await measure('  rollback', () => service.rollbackImprovement(taskId));
      const { size, mode } = fs.statSync(file);
      if (size !== megabytes * 2 ** 20 || (mode & 0o777) !== 0o644) throw new Error('it is not back');
    }
  });
}

async function longHistory(lengths) {
  await within(async ({ root, options }) => {
    fs.writeFileSync(path.join(root, 'a.txt'), '0\n');
    let turn = 0;
    const improve = async () => {
      const service = new SelfImprovementService(root, options);
      turn += 1;
      const changes = [{ file: 'a.txt', type: 'modify', content: `${turn}\n` }];
      await service.planImprovement({ description: 'x', targetFiles: [], requiresRestart: false, changes });
      await service.executeImprovement();
    };
    for (const length of lengths) {
      while (turn < length) await improve();
      const service = new SelfImprovementService(root, options);
      await measure(`${length} in the history: 10 improvements`, async () => {
        for (let time = 0; time < 10; time += 1) await improve();
      });
      await measure('  list', () => service.listImprovements());
      await measure('  status', () => service.describeImprovement());
      await measure('  recover', () => service.recover());
      await measure('  collect garbage', () => service.collectGarbage());
    }
  });
}

async function largeRepository(sizes) {
  for (const size of sizes) {
    await within(async ({ root, git, options, service }) => {
      for (let index = 0; index < size; index += 1) {
        if (index % 500 === 0) fs.mkdirSync(path.join(root, `d${index / 500}`));
        fs.writeFileSync(path.join(root, `d${Math.floor(index / 500)}/f${index}.txt`), `${index}\n`);
      }
      git('add', '-A');
      git('commit', '-qm', 'x');
      const changes = [{ file: 'd0/f0.txt', type: 'modify', content: 'new\n' }];
      await service.planImprovement({ description: 'x', targetFiles: [], requiresRestart: false, changes });
      // Dies while it applies: the state is as a crash leaves it.
      const code = `import(process.argv[1]).then(({ SelfImprovementService }) =>
        new SelfImprovementService(process.argv[2], { ...JSON.parse(process.argv[3]),
          onProgress: ({ type }) => type === 'applied' && process.kill(process.pid, 'SIGKILL') }).executeImprovement())`;
      const dist = new URL(process.env.MOULT_DIST ?? '../../dist/index.js', import.meta.url).href;
      const child = [dist, root, JSON.stringify({ config: options.config })];
      try {
        execFileSync(process.execPath, ['-e', code, ...child], { stdio: 'ignore' });
      } catch (error) {
        if (error.signal !== 'SIGKILL') throw error;
      }
      const [recovered] = await measure(`recovery in a repository of ${size} files`, () => service.recover());
      if (recovered?.result.status !== 'rolled_back') throw new Error('it was not recovered');
    });
  }
}
