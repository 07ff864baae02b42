// Stryker's mutants of one folder after the other, and the score of each. What was found out before is kept in
// coverage/mutants, so that only what changed since is tried again.
// usage: npm run test:mutants -- [FOLDER …] [--jobs 2] [--afresh]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const folders = JSON.parse(readFileSync(new URL('folders.json', import.meta.url), 'utf8'));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string', default: '2' }, afresh: { type: 'boolean', default: false } },
});
const project = fileURLToPath(new URL('../../', import.meta.url));
const reports = join(project, 'coverage/mutants');
mkdirSync(reports, { recursive: true });

for (const folder of positionals.length > 0 ? positionals : Object.keys(folders)) {
  if (!(folder in folders)) throw new Error(`${folder} is none of: ${Object.keys(folders).join(', ')}`);
  const name = folder.replaceAll('/', '-');
  const config = join(reports, `${name}.config.json`);
  writeFileSync(config, JSON.stringify(configOf(folder, name), null, 2));
  const stryker = join(project, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const env = {
    ...process.env,
    MOULT_MUTANTS: folder,
    MOULT_MODEL_RUNS: process.env.MOULT_MODEL_RUNS ?? '40',
  };
  const { status } = spawnSync(
    process.execPath,
    [stryker, 'run', config, ...(values.afresh ? ['--force'] : [])],
    {
      cwd: project,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (status !== 0) process.exitCode = 1;
  else console.log(`${folder}: ${scoreOf(join(reports, `${name}.json`))}`);
}

function configOf(folder, name) {
  return {
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutants/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    mutate: folders[folder].mutate,
    ignorePatterns: ['dist', 'coverage', 'examples'],
    reporters: ['clear-text', 'progress-append-only', 'json'],
    clearTextReporter: {
      allowColor: false,
      reportTests: false,
      reportMutants: false,
      reportScoreTable: false,
    },
    jsonReporter: { fileName: `coverage/mutants/${name}.json` },
    incremental: true,
    incrementalFile: `coverage/mutants/${name}.incremental.json`,
    tempDirName: `coverage/stryker-${name}`,
    concurrency: Number(values.jobs),
    timeoutMS: 20_000,
    disableTypeChecks: false,
  };
}

/** Found: killed or timed out. A mutant that no test reaches counts as one that survived. */
function scoreOf(report) {
  const count = {};
  for (const { mutants } of Object.values(JSON.parse(readFileSync(report, 'utf8')).files))
    for (const { status } of mutants) count[status] = (count[status] ?? 0) + 1;
  const of = (...states) => states.reduce((sum, state) => sum + (count[state] ?? 0), 0);
  const found = of('Killed', 'Timeout');
  const all = found + of('Survived', 'NoCoverage');
  return `${((100 * found) / all).toFixed(1)} % of ${all} found (${JSON.stringify(count)})`;
}
