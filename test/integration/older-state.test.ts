import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SelfImprovementService } from '../../src/self-improvement-service.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { passing } from './support/project.js';

// What versions of moult left on disk, recorded by test/fixtures/record-state.mjs. Where one of these tests fails, users who
// upgrade in the middle of an improvement would be stuck: add an upgrade (docs/format.md, "Older versions").

type Entry = null | ['link', string] | [mode: number, base64: string];
type Picture = Record<string, Entry>;
interface Recording {
  before: Picture;
  states: Record<'ready' | 'applying' | 'checking' | 'completed' | 'awaiting', Picture>;
}

const fixtures = path.resolve(import.meta.dirname, '../fixtures');
const recorded = fs.readdirSync(fixtures).filter((name) => /^state-\d+\.json$/.test(name));

function restore(picture: Picture): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'moult-older-')));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  for (const [name, entry] of Object.entries(picture)) {
    const file = path.join(root, name);
    if (entry === null) fs.mkdirSync(file);
    else if (entry[0] === 'link') fs.symlinkSync(entry[1], file);
    else {
      fs.writeFileSync(file, Buffer.from(entry[1], 'base64'));
      fs.chmodSync(file, entry[0]);
    }
  }
  return root;
}

/** The project without the state. */
function project(picture: Picture): Picture {
  return Object.fromEntries(Object.entries(picture).filter(([name]) => !name.startsWith('.moult')));
}

function lookAt(root: string): Picture {
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  const entries = names.map((name): [string, Entry] => {
    const file = path.join(root, name);
    const stats = fs.lstatSync(file);
    if (stats.isDirectory()) return [name, null];
    if (stats.isSymbolicLink()) return [name, ['link', fs.readlinkSync(file)]];
    return [name, [stats.mode & 0o7777, fs.readFileSync(file).toString('base64')]];
  });
  return project(Object.fromEntries(entries));
}

describe.each(recorded)('the state in %s', (name) => {
  const { before, states } = JSON.parse(fs.readFileSync(path.join(fixtures, name), 'utf8')) as Recording;
  const after = project(states.completed);
  const open = (root: string) =>
    new SelfImprovementService(root, {
      config: { checks: passing },
      logger: new CollectingLogger(),
      restart: { scheduleRestart: () => undefined },
    });

  test('is listed whatever state it is in', async () => {
    for (const picture of Object.values(states))
      expect(await open(restore(picture)).listImprovements()).toHaveLength(1);
  });

  test('a plan is executed', async () => {
    const root = restore(states.ready);
    expect(await open(root).executeImprovement()).toMatchObject({ status: 'completed' });
    expect(lookAt(root)).toEqual(after);
  });

  test.each(['applying', 'checking'] as const)(
    'one that was interrupted while %s is taken back',
    async (state) => {
      const root = restore(states[state]);
      // It was recorded on another machine, whose process cannot be judged from here.
      const [recovered] = await open(root).recover({ takeOverLock: true });
      expect(recovered?.result).toMatchObject({ status: 'rolled_back' });
      expect(lookAt(root)).toEqual(before);
    },
  );

  test('a completed one can be taken back', async () => {
    const root = restore(states.completed);
    const service = open(root);
    const [{ taskId } = { taskId: '' }] = await service.listImprovements();
    expect(await service.rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    expect(lookAt(root)).toEqual(before);
  });

  test('one that waits for confirmation can be confirmed, or taken back', async () => {
    const [kept, taken] = [restore(states.awaiting), restore(states.awaiting)];
    expect(await open(kept).confirmImprovement(undefined, { by: 'ann' })).toMatchObject({
      status: 'completed',
    });
    expect(lookAt(kept)).toEqual(after);
    const [{ taskId } = { taskId: '' }] = await open(taken).listImprovements();
    expect(await open(taken).rollbackImprovement(taskId)).toMatchObject({ status: 'rolled_back' });
    expect(lookAt(taken)).toEqual(before);
  });
});

test('there is a recording', () => {
  expect(recorded.length).toBeGreaterThan(0);
});
