// Shows that the campaign can fail: the engine is broken on purpose, one fault at a time, and each must be found.
// usage: npm run test:crash:mutations [-- NAME]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** `find`: the arguments of the tool (the campaign, unless it says so) which must fail then. The texts must stand in the source, so that a mutation cannot rot unseen. */
const mutations = [
  {
    name: 'snapshots are saved late, and no effect waits for them',
    edits: [
      {
        file: 'src/actors/effect-runner.ts',
        from: 'await this.snapshotIsSaved()',
        to: 'await Promise.resolve()',
      },
      {
        file: 'src/actors/snapshot-keeper.ts',
        from: 'this.last = this.last.then(() =>',
        to: 'this.last = this.last.then(() => new Promise((resolve) => setTimeout(resolve, 200))).then(() =>',
      },
    ],
    find: [
      '--workload',
      'modify+delete/plain/rolled_back',
      '--modes',
      'kill',
      '--from',
      '0.5',
      '--stride',
      '3',
    ],
  },
  {
    name: 'intents are not journaled before the swap',
    file: 'src/actors/stage-changes.ts',
    from: 'await journal.append([...directories, ...intents], lock());',
    to: '(journal as unknown as { records: unknown[] }).records.push(...[...directories, ...intents].map((body) => ({ body })));',
    find: [
      '--workload',
      'modify+nested/plain/completed',
      '--modes',
      'kill',
      '--from',
      '0.5',
      '--stride',
      '2',
    ],
  },
  {
    name: 'outcomes are written before their intents, once the files are swapped',
    edits: [
      {
        file: 'src/actors/stage-changes.ts',
        from: 'await journal.append([...directories, ...intents], lock());',
        to: 'await journal.append(directories, lock()); Object.assign(parts, { pending: intents });',
      },
      {
        file: 'src/actors/apply-changes.ts',
        from: "const changes = journal.of('intent').slice(-plan.paths.length).filter(isChange);",
        to: 'const { pending } = parts as unknown as { pending: Intent[] }; const changes = pending.filter(isChange);',
      },
      {
        file: 'src/actors/apply-changes.ts',
        from: 'await journal.append(outcomes, lock(), { durable: false });',
        to: 'await journal.append([...outcomes, ...pending], lock());',
      },
    ],
    find: [
      '--workload',
      'modify+delete/plain/rolled_back',
      '--modes',
      'kill',
      '--from',
      '0.5',
      '--stride',
      '2',
    ],
  },
  {
    name: 'new files are not flushed before they get their names',
    tool: 'power-cut.mjs',
    file: 'src/workspace/copy-file.ts',
    from: 'await fs.syncFile(to);',
    to: 'void to;',
    find: ['--recordings', 'plain/completed'],
  },
  {
    name: 'the journal is not flushed',
    tool: 'power-cut.mjs',
    file: 'src/store/journal.ts',
    from: 'if (durable) await handle.sync();',
    to: 'void durable;',
    find: ['--recordings', 'plain/completed,plain/rolled_back'],
  },
  {
    name: 'an unfinished improvement is not marked',
    file: 'src/store/task-store.ts',
    from: "await this.fs.writeFile(path.join(this.activeFolder, taskId), '', { mode: 0o600 });",
    to: 'void taskId;',
    find: [
      '--workload',
      'modify+delete/plain/completed',
      '--modes',
      'kill',
      '--from',
      '0.5',
      '--stride',
      '3',
    ],
  },
  {
    name: 'the lock does not look whether its holder lives',
    file: 'src/store/lock.ts',
    from: "if (liveness === 'alive')",
    to: "if (liveness === 'alive' && takeOverForeign)",
    find: [
      '--workload',
      'modify+modify/plain/completed',
      '--modes',
      'second',
      '--from',
      '0.2',
      '--stride',
      '5',
    ],
  },
  {
    name: 'the moved file is not looked at',
    file: 'src/workspace/swap-in.ts',
    from: 'if (taken && sameImage(taken.image, change.before)) return;',
    to: 'if (taken) return;',
    find: ['--workload', 'delete/plain/completed', '--modes', 'editor', '--from', '0.4'],
  },
  {
    name: 'a new file is renamed over what stands there',
    file: 'src/workspace/place.ts',
    from: 'await fs.link(placement.source, placement.target);',
    to: 'await fs.rename(placement.source, placement.target);',
    find: ['--workload', 'create/plain/completed', '--modes', 'editor', '--from', '0.4'],
  },
  {
    name: 'rollback overwrites what stands there',
    file: 'src/workspace/restore-path.ts',
    from: "if (now.kind !== 'absent') await takeAway(drawer, target);",
    to: "if (now.kind !== 'absent') await tree.fs.unlink(target);",
    find: ['--workload', 'modify/plain/rolled_back', '--modes', 'editor', '--from', '0.4', '--stride', '2'],
  },
  {
    name: 'rollback copies instead of linking',
    file: 'src/workspace/restore-path.ts',
    from: 'await place(fs, { source: goal.source, target, image: goal.image, draft });',
    to: 'void draft; await fs.copyFile(goal.source, target);',
    find: ['--workload', 'mode+binary/plain/rolled_back', '--modes', 'kill,full', '--from', '0.6'],
  },
  {
    name: 'directories that were made are left',
    file: 'src/actors/roll-back.ts',
    from: 'await removeDirectory(tree, directory);',
    to: 'void tree;',
    find: ['--workload', 'nested/plain/rolled_back', '--modes', 'kill', '--from', '0.6', '--stride', '5'],
  },
  {
    name: 'only the last change is put back',
    file: 'src/actors/roll-back.ts',
    from: "journal.of('intent').reverse()",
    to: "journal.of('intent').reverse().slice(0, 1)",
    find: [
      '--workload',
      'modify+delete/plain/rolled_back',
      '--modes',
      'kill',
      '--from',
      '0.6',
      '--stride',
      '5',
    ],
  },
  {
    name: 'old files keep their second name',
    file: 'src/actors/release-before-images.ts',
    from: 'await fileSystem.rm(file, { recursive: true, force: true });',
    to: 'void file;',
    find: ['--workload', 'modify/plain/rolled_back', '--modes', 'kill', '--from', '0.8', '--stride', '3'],
  },
];

const only = process.argv[2];
const chosen = mutations.filter(({ name }) => !only || name.includes(only));
let missed = 0;
let skipped = 0;
for (const mutation of chosen) {
  const startedAt = performance.now();
  const result = tryMutation(mutation);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const verdict = result.skipped ? 'skipped' : result.found ? 'found' : 'MISSED';
  console.log(
    `${verdict.padEnd(7)} ${mutation.name} (${seconds} s: ${result.skipped ?? result.by ?? 'nothing'})`,
  );
  if (result.skipped) skipped += 1;
  else if (!result.found) missed += 1;
}
console.log(`mutations: ${chosen.length} tried, ${skipped} skipped, ${missed} failures`);
process.exitCode = missed > 0 ? 1 : 0;

/** What a campaign says of the engine with one fault built in: { found, by }, or { skipped } where it cannot run here. */
function tryMutation(mutation) {
  const directory = mkdtempSync(join(tmpdir(), 'moult-mutation-'));
  try {
    return campaignFails(directory, mutation);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function campaignFails(directory, { tool = 'campaign.mjs', find, edits, file, from, to }) {
  for (const part of ['src', 'machines', 'package.json', 'tsconfig.json'])
    cpSync(join(project, part), join(directory, part), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(directory, 'node_modules'));
  for (const edit of edits ?? [{ file, from, to }]) replace(join(directory, edit.file), edit);
  const script = fileURLToPath(new URL(tool, import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, '--engine', join(directory, 'src/index.ts'), '--until-failure', ...find],
    { encoding: 'utf8' },
  );
  if (/skipped/.test(stdout)) return { skipped: stdout.trim() };
  if (!/\d+ points tried/.test(stdout)) throw new Error(`the campaign did not run: ${stdout}${stderr}`);
  return { found: status !== 0, by: /FAILED (.*)/.exec(stdout)?.[1] };
}

function replace(file, { from, to }) {
  const parts = readFileSync(file, 'utf8').split(from);
  if (parts.length !== 2) throw new Error(`${file} must have exactly one ${JSON.stringify(from)}`);
  writeFileSync(file, parts.join(to));
}
