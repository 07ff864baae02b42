import * as path from 'node:path';
import type { FileSystem, ImprovementResult, PlannedChange } from '../../../src/index.js';
import { SelfImprovementService } from '../../../src/index.js';
import { WeakDisk } from '../../../src/testing/weak-disk/weak-disk.js';
import { diskTree } from './disk-tree.js';
import { fakeCheck } from './fake-check.js';

const root = '/project';

export interface WeakScenario {
  changes: PlannedChange[];
  checkPasses: boolean;
  /** Cancelled while the check runs. */
  cancels: boolean;
  /** What goes wrong at which operation. */
  fault: { at: number; kind: string } | null;
  /** Recovery is cut off as well, at that operation. */
  secondCrashAt: number | null;
  /** A power loss, or only the end of the processes. */
  powerLoss: boolean;
  /** An editor saves a planned file at that operation. */
  edit: { at: number; file: string; inPlace: boolean } | null;
  /** So long each call for a snapshot takes, in turns; all others take one. */
  snapshotTurns: number;
  /** Decides what survives. */
  seed: number;
}

export interface WeakOutcome {
  before: Record<string, string>;
  planned: Record<string, string>;
  tree: Record<string, string>;
  /** What the first process said, if it came to say something. */
  said: ImprovementResult | null;
  recovered: ImprovementResult[];
  /** What the history says of it in the end; null where it never came to be known. */
  end: string | null;
  /** Whether the next improvement can be planned. */
  nextError: string | null;
  edited: boolean;
  /** Wherever the person's bytes may lie. */
  everything: string[];
}

export const editedText = 'a person saved this\n';
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** Time stands still, so that nothing is waited for. */
const clock = { now: () => 1_700_000_000_000, schedule: () => () => undefined };

/** One improvement on a weak disk, what befalls it, and what is there after the next process has recovered. */
export async function weakRun(scenario: WeakScenario): Promise<WeakOutcome> {
  const random = randomOf(scenario.seed);
  const planned = await undisturbed(scenario.changes);
  const disk = new WeakDisk();
  const before = await fill(disk);
  let edited = false;
  disk.failAt(scenario.fault);
  disk.slowDown(scenario.snapshotTurns, (file) => path.basename(file).startsWith('snapshot'));
  if (scenario.edit) {
    const { at, file, inPlace } = scenario.edit;
    disk.actAt(at, () => void (edited = save(disk, file, inPlace)));
  }
  const said = await improve(disk, scenario);
  if (disk.isCrashed || scenario.powerLoss) {
    restart(disk, random, scenario.powerLoss);
    if (scenario.secondCrashAt !== null) {
      disk.failAt({ at: scenario.secondCrashAt, kind: 'crash' });
      await recover(disk);
      restart(disk, random, scenario.powerLoss);
    }
  }
  disk.failAt(null);
  forgetHolders(disk);
  const recovered = await recover(disk);
  const end = (await serviceOn(disk).listImprovements()).at(0)?.status ?? null;
  const nextError = await planNext(disk);
  const fs = disk.fileSystem();
  const tree = await diskTree(fs, root, ['.moult']);
  const everything = Object.values(await diskTree(fs, root));
  return { before, planned, tree, said, recovered, end, nextError, edited, everything };
}

function serviceOn(disk: WeakDisk, good = true, onCheck?: () => void): SelfImprovementService {
  return new SelfImprovementService(root, {
    config: {
      checks: [{ name: 'check', type: 'custom', command: good ? 'good' : 'bad' }],
      restartTriggers: [],
    },
    fileSystem: disk.fileSystem(),
    spawner: fakeCheck(onCheck),
    ...{ logger: quiet, clock },
  });
}

const request = (changes: PlannedChange[]) => ({
  description: 'weak',
  targetFiles: [],
  changes,
  requiresRestart: false,
});

async function improve(disk: WeakDisk, scenario: WeakScenario): Promise<ImprovementResult | null> {
  const service = serviceOn(disk, scenario.checkPasses, () => {
    if (scenario.cancels) void service.cancelImprovement().catch(() => undefined);
  });
  try {
    await service.planImprovement(request(scenario.changes));
    const result = await service.executeImprovement();
    // The dead say nothing.
    return disk.isCrashed ? null : result;
  } catch (error) {
    // A dead process says nothing; what a living one throws has a code.
    if (!disk.isCrashed && typeof (error as { code?: unknown }).code !== 'string') throw error;
    return null;
  }
}

async function recover(disk: WeakDisk): Promise<ImprovementResult[]> {
  try {
    return (await serviceOn(disk).recover()).map(({ result }) => result);
  } catch (error) {
    if (disk.isCrashed) return [];
    throw error;
  }
}

async function planNext(disk: WeakDisk): Promise<string | null> {
  const service = serviceOn(disk);
  try {
    await service.cancelImprovement();
    await service.planImprovement(request([{ file: 'next.txt', type: 'create', content: 'next\n' }]));
    await service.cancelImprovement();
    return null;
  } catch (error) {
    return String(error);
  }
}

const known = new Map<string, Promise<Record<string, string>>>();

/** What the plan makes of the tree when nothing goes wrong. */
function undisturbed(changes: PlannedChange[]): Promise<Record<string, string>> {
  const name = JSON.stringify(changes);
  const tree = known.get(name) ?? treeAfter(changes);
  known.set(name, tree);
  return tree;
}

async function treeAfter(changes: PlannedChange[]): Promise<Record<string, string>> {
  const disk = new WeakDisk();
  await fill(disk);
  const service = serviceOn(disk);
  await service.planImprovement(request(changes));
  await service.executeImprovement();
  return diskTree(disk.fileSystem(), root, ['.moult']);
}

async function fill(disk: WeakDisk): Promise<Record<string, string>> {
  const fs = disk.fileSystem();
  await fs.mkdir('/proc');
  await fs.mkdir(`${root}/src`, { recursive: true });
  for (let n = 0; n < 3; n += 1) {
    await write(fs, `${root}/src/modify-${n}`, `old ${n}\n`);
    await write(fs, `${root}/src/delete-${n}`, `to go ${n}\n`);
    await write(fs, `${root}/src/mode-${n}`, `script ${n}\n`);
    await fs.symlink(`modify-${n}`, `${root}/src/link-${n}`);
  }
  await write(fs, `${root}/other`, 'not planned\n');
  const handle = await fs.openDirectory(root, []);
  await handle.sync();
  await handle.close();
  return diskTree(fs, root);
}

async function write(fs: FileSystem, file: string, text: string): Promise<void> {
  await fs.writeFile(file, text, { mode: 0o644 });
  await fs.syncFile(file);
}

/** As an editor does it, in one step of the disk; false where there is no such file at that moment. */
function save(disk: WeakDisk, file: string, inPlace: boolean): boolean {
  const folder = disk.root.entries.get('project')?.entries.get('src');
  const inode = folder?.entries.get(file);
  if (!folder || inode?.kind !== 'file') return false;
  const target = inPlace ? inode : disk.make('file', inode.mode);
  target.bytes = Buffer.from(editedText);
  disk.wrote(target);
  disk.flushBytes(target);
  if (inPlace) return true;
  target.links = 1;
  inode.links -= 1;
  folder.entries.set(file, target);
  return true;
}

function restart(disk: WeakDisk, random: () => number, powerLoss: boolean): void {
  disk.restart(random, powerLoss);
  forgetHolders(disk);
}

/** The processes are gone: whoever held the lock is dead, although this process lives. */
function forgetHolders(disk: WeakDisk): void {
  const locks = disk.root.entries.get('project')?.entries.get('.moult')?.entries.get('lock');
  for (const [name, inode] of locks?.entries ?? []) {
    if (!/^\d+$/.test(name)) continue;
    inode.bytes = Buffer.from(inode.bytes.toString().replace(/"pid":\d+/, '"pid":4194304'));
    inode.flushed = inode.bytes;
  }
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
