import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MoultError } from '../../src/errors/moult-error.js';
import { nodeFileSystem } from '../../src/ports/node-file-system.js';
import { SelfImprovementService } from '../../src/self-improvement-service.js';
import { diffManifests } from '../../src/testing/diff-manifests.js';
import { manifest } from '../../src/testing/manifest.js';
import { pathImage } from '../../src/workspace/path-image.js';
import { Tree } from '../../src/workspace/tree.js';

/** How often a folder is opened while somebody swaps it for a link; `npm run test:race` makes it 50,000. */
const tries = Number(process.env.MOULT_RACE_TRIES ?? 1_000);
const files = ['contested/a.txt', 'contested/deep/b.txt', 'contested/new.txt'];

let base: string;
let attacker: ChildProcess | null;
/** The service whose improvement is under way; null between improvements. */
let atWork: SelfImprovementService | null = null;

beforeEach(() => {
  base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'moult-race-')));
  attacker = null;
  for (const folder of ['project/contested/deep', 'outside/deep'])
    fs.mkdirSync(`${base}/${folder}`, { recursive: true });
  for (const [folder, text] of [
    ['project/contested', 'ours'],
    ['outside', 'not yours'],
  ] as const) {
    fs.writeFileSync(`${base}/${folder}/a.txt`, text);
    fs.writeFileSync(`${base}/${folder}/deep/b.txt`, text);
  }
  fs.symlinkSync('../outside', `${base}/project/aside`);
});
afterEach(async () => {
  await stop();
  fs.rmSync(base, { recursive: true, force: true });
});

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'needs renameat2 of Linux; elsewhere the window is documented';
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'needs a C compiler';
  }
}

function start(): void {
  const binary = `${base}/swap-for-link`;
  execFileSync('cc', ['-O1', '-o', binary, path.join(import.meta.dirname, 'swap-for-link.c')]);
  attacker = spawn(binary, ['contested', 'aside'], { cwd: `${base}/project`, stdio: 'ignore' });
}

/** Ends the attack, with everything where it belongs. */
async function stop(): Promise<void> {
  const running = attacker;
  attacker = null;
  if (running === null || running.exitCode !== null) return;
  const ended = new Promise((resolve) => running.once('exit', resolve));
  running.kill('SIGKILL');
  await ended;
  const contested = `${base}/project/contested`;
  if (!fs.lstatSync(contested).isSymbolicLink()) return;
  fs.renameSync(contested, `${contested}.link`);
  fs.renameSync(`${base}/project/aside`, contested);
  fs.renameSync(`${contested}.link`, `${base}/project/aside`);
}

it(
  `a folder that is swapped for a link at any moment leads nothing outside, in ${tries} tries`,
  async (context) => {
    const reason = whyNot();
    if (reason !== null) context.skip(reason);
    const outside = await manifest(`${base}/outside`, { times: true });
    const checkOutside = async () =>
      expect(diffManifests(outside, await manifest(`${base}/outside`, { times: true }))).toEqual([]);
    start();
    const counts = { opened: 0, met: 0, looks: 0, refused: 0, kept: 0, takenBack: 0 };
    /** In which state of the machine the folder was opened. */
    const phases: Record<string, number> = {};
    const fileSystem = {
      ...nodeFileSystem,
      openDirectory: (root: string, segments: readonly string[]) => {
        if (segments[0] === 'contested') {
          counts.opened += 1;
          const phase = phaseOf(atWork);
          phases[phase] = (phases[phase] ?? 0) + 1;
        }
        return nodeFileSystem.openDirectory(root, segments);
      },
    };
    while (counts.opened < tries) {
      // Looks, which are cheap, in their thousands; and between them whole improvements.
      for (let look = 0; look < Math.min(250, tries / 4); look += 1) {
        const seen = await lookAt(fileSystem);
        if (seen === null) counts.met += 1;
        else counts.looks += 1;
        expect(seen ?? 'ours').toBe('ours');
      }
      await improve(fileSystem, counts);
      await checkOutside();
    }
    await stop();
    const service = serviceOn(fileSystem);
    await service.recover();
    await checkOutside();
    // Whatever happened, the files are what one of the two wrote, and nothing is left half done.
    expect(['ours', 'changed']).toContain(fs.readFileSync(`${base}/project/contested/a.txt`, 'utf8'));
    expect(fs.readdirSync(`${base}/project/.moult/active`)).toEqual([]);
    // The attack was one: it was met, and it did not keep everything from working.
    console.info(`race: ${JSON.stringify({ ...counts, phases })}`);
    expect(counts.met).toBeGreaterThan(0);
    expect(counts.looks).toBeGreaterThan(0);
  },
  tries * 60 + 60_000,
);

function phaseOf(service: SelfImprovementService | null): string {
  if (!service) return 'a look';
  const { actor } = service;
  if (!actor) return 'recovering or planning';
  const { value } = actor.getSnapshot();
  return typeof value === 'string' ? value : Object.entries(value).flat().join('.');
}

/** What is read at the contested place; null where it was refused. */
async function lookAt(fileSystem: typeof nodeFileSystem): Promise<string | null> {
  try {
    return await Tree.use(fileSystem, `${base}/project`, async (tree) => {
      const { image } = await pathImage(tree, 'contested/a.txt');
      const { parent, name } = await tree.parentOf('contested/a.txt');
      // Written to as an attack would have it: by the name in the folder that was opened.
      if (image.kind === 'file' && parent)
        return fs.readFileSync(parent.at(name), 'utf8').replace('changed', 'ours');
      return null;
    });
  } catch (error) {
    if (error instanceof MoultError && (error as MoultError).code.startsWith('PATH_')) return null;
    throw error;
  }
}

function serviceOn(fileSystem: typeof nodeFileSystem): SelfImprovementService {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const config = { checks: [{ name: 'yes', type: 'custom', command: 'true' }] };
  return new SelfImprovementService(`${base}/project`, { config, fileSystem, logger: quiet });
}

async function improve(
  fileSystem: typeof nodeFileSystem,
  counts: { refused: number; kept: number; takenBack: number },
): Promise<void> {
  const service = serviceOn(fileSystem);
  atWork = service;
  try {
    await service.recover();
    const taskId = await service.planImprovement({
      description: 'x',
      targetFiles: [],
      requiresRestart: false,
      changes: files.map((file) =>
        file.includes('new')
          ? { file, type: 'create' as const, content: 'changed' }
          : { file, type: 'modify' as const, content: 'changed', description: 'x' },
      ),
    });
    const { status } = await service.executeImprovement();
    if (status === 'completed') {
      counts.kept += 1;
      await service.rollbackImprovement(taskId);
    } else counts.takenBack += 1;
  } catch (error) {
    if (!(error instanceof MoultError)) throw error;
    counts.refused += 1;
    await service.cancelImprovement().catch(() => undefined);
  } finally {
    atWork = null;
  }
}
