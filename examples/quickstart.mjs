// `npm run quickstart`: moult improves a copy of its own repository, three times. Everything below is real: the type
// check, the tests, the crash. The copy lies in a temporary folder and is removed afterwards (--keep leaves it there).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { diffManifests, manifest } from 'moult/testing';
import { copyThisRepository } from './quickstart/copy-this-repository.mjs';
import { checks, goodRequest, requestThatBreaksTheBuild } from './quickstart/requests.mjs';
import { runMoult } from './quickstart/run-moult.mjs';
import { heading, say, timed } from './quickstart/say.mjs';

const startedAt = performance.now();
const copy = await timed('A copy of this repository', copyThisRepository);
let isDone = false;
try {
  await writeFile(path.join(copy.root, 'moult.config.json'), JSON.stringify({ checks }, null, 2));
  say(`in ${copy.root}, with somebody's work open in it:`);
  for (const line of copy.openWork) say(`  ${line}`);
  say(`judged by: ${checks.map(({ command }) => `\`${command}\``).join(' and ')}`);
  await keepWhatIsGood();
  await takeBackWhatIsNot();
  await surviveTheCrash();
  isDone = true;
} finally {
  if (isDone && !process.argv.includes('--keep')) await copy.remove();
  else say(`The copy is left in ${copy.root}`);
}
heading(`All of it was so, in ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
say('Next: README.md shows the same for your own project.');

async function keepWhatIsGood() {
  heading('1. A change that is good stays');
  const before = await manifest(copy.root);
  const { exitCode } = await runMoult(copy, 'run', await request('good', goodRequest));
  assert.equal(exitCode, 0, 'the good change was not kept');
  const after = await manifest(copy.root);
  const planned = goodRequest.changes.map(({ file }) => file);
  assert.deepEqual(diffManifests(before, after, { ignore: planned }), [], 'something else differs');
  assert.equal(diffManifests(before, after).length, planned.length, 'not every planned file is new');
  say(`kept: ${planned.length} planned files are new, and not one byte of anything else differs`);
}

async function takeBackWhatIsNot() {
  heading('2. A change that breaks the build is taken back');
  const before = await manifest(copy.root);
  const breaking = requestThatBreaksTheBuild();
  const { exitCode } = await runMoult(copy, 'run', await request('breaks-the-build', breaking));
  assert.equal(exitCode, 1, 'the change that breaks the build was not taken back');
  await assertSame(before, 'taken back');
}

async function surviveTheCrash() {
  heading('3. A change that is killed halfway is taken back by the next process');
  const before = await manifest(copy.root);
  const program = fileURLToPath(new URL('quickstart/die-while-applying.mjs', import.meta.url));
  const file = await request('killed', requestThatBreaksTheBuild());
  say('$ a program that uses the library, and kill -9 after the first file');
  const { signal } = spawnSync(process.execPath, [program, copy.root, file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  assert.equal(signal, 'SIGKILL', 'the program was not killed');
  const visible = visibleChanges(before, await manifest(copy.root));
  assert.ok(visible.length > 0 && visible.length < 4, `it was not killed halfway: ${visible.join(', ')}`);
  say(
    `killed: ${visible.join(', ')} changed already, ${4 - visible.length} of 4 changes not yet. Nobody wants that:`,
  );
  const { exitCode } = await runMoult(copy, 'recover');
  assert.ok(exitCode === 0 || exitCode === 1, `recover ended with ${exitCode}`);
  await assertSame(before, 'recovered');
  const history = await runMoult(copy, 'history');
  assert.equal(history.exitCode, 0);
}

/** Not the count of links: while an improvement is under way, each old file has a second name in its folder. */
function visibleChanges(before, after) {
  const lines = diffManifests(before, after).filter((line) => !/: links \d+ -> \d+$/.test(line));
  const planned = requestThatBreaksTheBuild().changes.map(({ file }) => file);
  return planned.filter((file) => lines.some((line) => line.startsWith(`${file}: `)));
}

async function assertSame(before, word) {
  const after = await manifest(copy.root);
  assert.deepEqual(diffManifests(before, after), [], 'something differs');
  const facts = Object.keys(after.entries).length;
  say(
    `${word}: ${facts} paths compared, dirty, untracked and ignored ones too; and index, HEAD, refs, stash:`,
  );
  say('  not one byte, mode or link differs');
}

async function request(name, content) {
  const file = path.join(copy.folder, `${name}.json`);
  await writeFile(file, JSON.stringify(content, null, 2));
  assert.ok((await readFile(file)).length > 0);
  return file;
}
