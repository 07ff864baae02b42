import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MoultError } from '../../src/errors/moult-error.js';
import type { PlannedChange } from '../../src/improvement.js';
import { planDigest } from '../../src/plan/plan-digest.js';
import type { Plan } from '../../src/plan/plan.js';
import { SelfImprovementService } from '../../src/self-improvement-service.js';
import { encodeChecked } from '../../src/store/checked-file.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { Driver } from './support/driver.js';
import { passing } from './support/project.js';

/** Every byte and bit with MOULT_DAMAGE=all; else so many of each kind, drawn with MOULT_SEED. */
const samples = process.env.MOULT_DAMAGE === 'all' ? Infinity : 25;
const seed = Number(process.env.MOULT_SEED ?? 1);

const changes: PlannedChange[] = [
  { file: 'a.txt', type: 'modify', content: 'A\n' },
  { file: 'b.txt', type: 'delete' },
  { file: 'c.txt', type: 'create', content: 'C\n' },
  { file: 'd.sh', type: 'modify', mode: '0755' },
  { file: 'e.txt', type: 'modify', symlink: 'a.txt' },
  { file: 'src/f.txt', type: 'modify', content: 'F\n' },
];
const request = { description: 'x', targetFiles: [], requiresRestart: false, changes };
const config = { checks: passing };

/** Whatever lies in a folder, but for our own state. */
function picture(folder: string): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    if (/(^|\/)\.git\/moult(\/|$)/.test(name)) continue;
    const { mode } = fs.lstatSync(file);
    const content = entry.isSymbolicLink()
      ? fs.readlinkSync(file)
      : entry.isFile()
        ? createHash('sha256').update(fs.readFileSync(file)).digest('hex')
        : '';
    seen[name] = `${mode.toString(8)} ${content}`;
  }
  return seen;
}

/** mulberry32 */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many different numbers below `end`, the first and the last ones always among them. */
function sample(end: number, salt: string): number[] {
  if (samples >= end) return Array.from({ length: end }, (_, index) => index);
  const random = randomFrom(seed + salt.length * 7919 + (salt.codePointAt(0) ?? 0));
  const drawn = new Set([0, 1, end - 2, end - 1]);
  while (drawn.size < samples) drawn.add(Math.floor(random() * end));
  return [...drawn];
}

let base: string;
let before: Record<string, string>;
let between: Record<string, string>;
let taskId: string;
/** Snapshots of the task as they were before, by state. */
const older: Record<string, Buffer> = {};

const project = () => path.join(base, 'project');
const original = () => path.join(base, 'original');
const folder = () => path.join(project(), '.git/moult/tasks', taskId);
const at = (name: string) => path.join(folder(), name);
const service = () => new SelfImprovementService(project(), { config, logger: new CollectingLogger() });

beforeAll(async () => {
  base = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'moult-damage-'));
  fs.mkdirSync(path.join(project(), 'src'), { recursive: true });
  fs.writeFileSync(path.join(base, 'outside.txt'), 'outside\n');
  for (const name of ['a.txt', 'b.txt', 'd.sh', 'e.txt', 'src/f.txt', 'mine.txt'])
    fs.writeFileSync(path.join(project(), name), `${name} as it was\n`);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: project(), stdio: 'ignore' });
  git('init', '-q');
  git('add', 'a.txt', 'b.txt', 'd.sh');
  git('-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-qm', 'x');
  before = picture(project());
  const driver = await Driver.make();
  const tasks = path.join(project(), '.git/moult/tasks');
  await driver.run({ root: project(), config, do: 'plan', request });
  [taskId = ''] = fs.readdirSync(tasks);
  older.ready = fs.readFileSync(at('snapshot.json'));
  older.journal = fs.readFileSync(at('journal.log'));
  for (const state of ['backing_up', 'checkpointing']) {
    const envelope = readChecked('snapshot.json') as unknown as Envelope;
    envelope.snapshot.value = { implementing: state };
    older[`implementing.${state}`] = encodeChecked(envelope);
  }
  const { signal } = await driver.run({ root: project(), config, do: 'execute', killWhenApplied: 4 });
  expect(signal).toBe('SIGKILL');
  driver.remove();
  between = picture(project());
  expect(between).not.toEqual(before);
  execFileSync('cp', ['-a', project(), original()]);
});
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

function reset(): void {
  fs.rmSync(project(), { recursive: true, force: true });
  execFileSync('cp', ['-a', original(), project()]);
}

type End = 'before' | { code: string; file: string };

/** Recovers after some damage: exactly as before, or refused, with nothing touched. */
async function recoverAfter(damage: () => void | Promise<void>, name: string): Promise<End> {
  await damage();
  const outside = fs.readFileSync(path.join(base, 'outside.txt'), 'utf8');
  const end = await Promise.race([settle(() => service().recover()), sleep(20_000, 'hangs' as const)]);
  expect(end, name).not.toBe('hangs');
  expect(fs.readFileSync(path.join(base, 'outside.txt'), 'utf8')).toBe(outside);
  expect(fs.readdirSync(base).sort(), name).toEqual(['original', 'outside.txt', 'project']);
  const now = picture(project());
  if (!(end instanceof Error)) {
    expect(now, name).toEqual(before);
    reset();
    return 'before';
  }
  expect(end, `${name}: ${end.stack}`).toBeInstanceOf(MoultError);
  const { code, details, remedy } = end as MoultError<'STATE_UNREADABLE'>;
  expect(['STATE_UNREADABLE', 'STATE_TOO_NEW'], `${name}: ${end.message}`).toContain(code);
  expect(details.file.startsWith(folder()), details.file).toBe(true);
  if (code === 'STATE_UNREADABLE') expect(details.saved, name).toBe(at('before'));
  expect(remedy).not.toBe('');
  expect(now, name).toEqual(between);
  expect(await settle(() => service().planImprovement(request)), name).toMatchObject({ code, details });
  return { code, file: path.relative(folder(), details.file) };
}

function settle(work: () => Promise<unknown>): Promise<unknown> {
  return work().catch((error: unknown) => error);
}

/** Puts the bytes of one file of the task, and back what was there when the work is done. */
async function withBytes(file: string, bytes: Buffer): Promise<End> {
  const kept = fs.readFileSync(at(file));
  const end = await recoverAfter(() => fs.writeFileSync(at(file), bytes), `${file} of ${bytes.length} bytes`);
  fs.writeFileSync(at(file), kept);
  return end;
}

const files = ['plan.json', 'snapshot.json', 'journal.log'];

describe('without damage', () => {
  it('recovery brings everything back', async () => {
    expect(await recoverAfter(() => undefined, 'nothing')).toBe('before');
  });
});

describe.each(files)('%s', (file) => {
  it('cut off at any byte', async () => {
    const bytes = fs.readFileSync(at(file));
    for (const length of sample(bytes.length, `cut ${file}`)) {
      const end = await withBytes(file, bytes.subarray(0, length));
      expect(end, `${length} bytes`).toEqual({ code: 'STATE_UNREADABLE', file });
    }
  }, 600_000);

  it('with any bit flipped', async () => {
    const bytes = fs.readFileSync(at(file));
    for (const bit of sample(bytes.length * 8, `flip ${file}`)) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const end = await withBytes(file, flipped);
      expect(end, `bit ${bit}`).toEqual({ code: 'STATE_UNREADABLE', file });
    }
  }, 600_000);

  it.each<[string, (place: string) => void]>([
    ['a directory', (place) => fs.mkdirSync(place)],
    ['a FIFO', (place) => execFileSync('mkfifo', [place])],
    ['a link to nothing', (place) => fs.symlinkSync('nothing', place)],
    ['a link to a file outside', (place) => fs.symlinkSync(path.join(base, 'outside.txt'), place)],
    ['a link to a copy of itself', (place) => fs.symlinkSync(path.relative(folder(), copyOf(file)), place)],
    ['nothing', () => undefined],
  ])('replaced by %s', async (_, put) => {
    const end = await recoverAfter(() => {
      fs.rmSync(at(file));
      put(at(file));
    }, file);
    expect(end).toEqual({ code: 'STATE_UNREADABLE', file });
    fs.rmSync(at(file), { recursive: true, force: true });
    reset();
  });
});

const copyOf = (file: string) => path.join(original(), '.git/moult/tasks', taskId, file);

describe('an older copy put back', () => {
  it.each(['ready', 'implementing.backing_up', 'implementing.checkpointing'])(
    'of the snapshot, from %s',
    async (state) => {
      const end = await withBytes('snapshot.json', older[state] as Buffer);
      expect(end).toEqual({ code: 'STATE_UNREADABLE', file: 'snapshot.json' });
    },
  );

  it('of the journal', async () => {
    const end = await withBytes('journal.log', older.journal as Buffer);
    expect(end).toEqual({ code: 'STATE_UNREADABLE', file: 'journal.log' });
  });

  it('of the journal, which ends after any of its records', async () => {
    const lines = fs.readFileSync(at('journal.log'), 'utf8').split(/(?<=\n)/);
    for (let count = 0; count < lines.length; count += 1) {
      const end = await withBytes('journal.log', Buffer.from(lines.slice(0, count).join('')));
      expect(end, `${count} records`).toEqual({ code: 'STATE_UNREADABLE', file: 'journal.log' });
    }
  });
});

const readChecked = (file: string) =>
  JSON.parse(fs.readFileSync(at(file), 'utf8').split('\n')[1] ?? '') as Record<string, never>;

/** Somebody who knows how: checksum and digest are right again, in the plan and in the snapshot. */
async function rewritePlan(edit: (plan: Plan) => void): Promise<void> {
  const { plan, format } = readChecked('plan.json') as unknown as { plan: Plan; format: unknown };
  edit(plan);
  const digest = await planDigest(plan);
  fs.writeFileSync(at('plan.json'), encodeChecked({ format, plan: { ...plan, digest } }));
  rewriteSnapshot((envelope) => {
    envelope.snapshot.context.planDigest = digest;
  });
}

interface Envelope {
  format: unknown;
  machineVersion: unknown;
  taskId: string;
  snapshot: { value: unknown; context: Record<string, unknown> };
}

function rewriteSnapshot(edit: (envelope: Envelope) => void): void {
  const envelope = readChecked('snapshot.json') as unknown as Envelope;
  edit(envelope);
  fs.writeFileSync(at('snapshot.json'), encodeChecked(envelope));
}

/** The mark goes, which else would tell. */
function rewriteJournal(edit: (body: Record<string, unknown>) => void): void {
  const lines = fs.readFileSync(at('journal.log'), 'utf8').trimEnd().split('\n');
  const rewritten = lines.map((line) => {
    const record = JSON.parse(line.slice(17)) as { body: Record<string, unknown> };
    edit(record.body);
    const json = JSON.stringify(record);
    return `${createHash('sha256').update(json).digest('hex').slice(0, 16)} ${json}\n`;
  });
  fs.writeFileSync(at('journal.log'), rewritten.join(''));
  for (const name of fs.readdirSync(folder())) if (name.startsWith('journal.whole.')) fs.rmSync(at(name));
}

const outsidePaths = [
  '../outside.txt',
  '../../x',
  '/etc/moult',
  'src/../../outside.txt',
  '.git/config',
  '',
  '.',
];

describe('written by somebody who knows how, with right checksums:', () => {
  it.each(outsidePaths)('the path %j in the plan', async (to) => {
    for (const index of [0, 1, 2, 5]) {
      const damage = () => rewritePlan((plan) => void ((plan.paths[index] as { path: string }).path = to));
      expect(await recoverAfter(damage, to)).toMatchObject({ code: 'STATE_UNREADABLE', file: 'plan.json' });
      reset();
    }
  });

  it.each(['..', '../..', '/', 'src/..'])('the root %j in the plan', async (root) => {
    const damage = () => rewritePlan((plan) => void (plan.root = root));
    expect(await recoverAfter(damage, root)).toMatchObject({ code: 'STATE_UNREADABLE' });
    reset();
  });

  it('a plan of another task', async () => {
    const damage = () => rewritePlan((plan) => void (plan.taskId = 'si-1'));
    expect(await recoverAfter(damage, 'id')).toEqual({ code: 'STATE_UNREADABLE', file: 'plan.json' });
    reset();
  });

  it('a plan that the snapshot does not know', async () => {
    const damage = async () => {
      const kept = fs.readFileSync(at('snapshot.json'));
      await rewritePlan((plan) => void (plan.description = 'another'));
      fs.writeFileSync(at('snapshot.json'), kept);
    };
    expect(await recoverAfter(damage, 'digest')).toEqual({ code: 'STATE_UNREADABLE', file: 'snapshot.json' });
    reset();
  });

  it.each([...outsidePaths, 'mine.txt'])('the path %j in the journal', async (to) => {
    const damage = () =>
      rewriteJournal((body) => {
        if (body.type === 'intent' && body.path === 'a.txt') body.path = to;
      });
    expect(await recoverAfter(damage, to)).toEqual({ code: 'STATE_UNREADABLE', file: 'journal.log' });
    reset();
  });

  it.each(['..', '../..', '/', 'src', '.git'])('the anchor %j in the journal', async (to) => {
    const damage = () =>
      rewriteJournal((body) => {
        if (body.path === 'a.txt') body.anchor = to;
      });
    expect(await recoverAfter(damage, to)).toEqual({ code: 'STATE_UNREADABLE', file: 'journal.log' });
    reset();
  });

  it.each<[string, Record<string, unknown>, string?]>([
    ['an index that the plan does not have', { index: 99 }],
    ['a directory above the project', { type: 'directory-intent', path: '..', inode: '1', bornNs: '1' }],
    ['a directory that no file needs', { type: 'directory-intent', path: 'lib', inode: '1', bornNs: '1' }],
    ['another file before', { before: { kind: 'absent' } }],
    ['another file after', { after: { kind: 'symlink', target: '/etc' } }],
    ['an unknown type', { type: 'shell' }, 'STATE_TOO_NEW'],
  ])('%s in the journal', async (_, fields, code = 'STATE_UNREADABLE') => {
    const damage = () =>
      rewriteJournal((body) => {
        if (body.type !== 'intent' || body.path !== 'a.txt') return;
        if (fields.type === 'directory-intent') ['before', 'after'].forEach((key) => delete body[key]);
        Object.assign(body, fields);
      });
    expect(await recoverAfter(damage, _)).toEqual({ code, file: 'journal.log' });
    reset();
  });

  it.each<[string, (envelope: Envelope) => void]>([
    ['an unknown state', ({ snapshot }) => (snapshot.value = 'nowhere')],
    ['a state that is none', ({ snapshot }) => (snapshot.value = null)],
    ['a state of numbers', ({ snapshot }) => (snapshot.value = { implementing: 5 })],
    ['another task', (envelope) => (envelope.taskId = 'si-1')],
    ['another task in its context', ({ snapshot }) => (snapshot.context.taskId = 'si-1')],
    ['a rollback that is none', ({ snapshot }) => (snapshot.context.rollback = 5)],
    ['paths that are none', ({ snapshot }) => (snapshot.context.appliedPaths = [null])],
    ['no context', ({ snapshot }) => (snapshot.context = {})],
  ])('%s in the snapshot', async (name, edit) => {
    expect(await recoverAfter(() => rewriteSnapshot(edit), name)).toEqual({
      code: 'STATE_UNREADABLE',
      file: 'snapshot.json',
    });
    reset();
  });

  it.each(['null', '5', '"x"', 'x', ''])('the content %j', async (json) => {
    const checksum = createHash('sha256').update(json).digest('hex');
    for (const file of ['plan.json', 'snapshot.json'])
      expect(await withBytes(file, Buffer.from(`${checksum}\n${json}\n`))).toMatchObject({ file });
    const line = `${checksum.slice(0, 16)} ${json}\n`;
    const journal = fs.readFileSync(at('journal.log'));
    const end = await withBytes('journal.log', Buffer.concat([Buffer.from(line), journal]));
    expect(end).toEqual({ code: 'STATE_UNREADABLE', file: 'journal.log' });
  });
});

describe('another version of moult', () => {
  it.each([0, 2, '1', null])('that wrote format %j is named', async (format) => {
    const plan = encodeChecked({ ...readChecked('plan.json'), format });
    expect(await withBytes('plan.json', plan)).toEqual({ code: 'STATE_TOO_NEW', file: 'plan.json' });
    for (const key of ['format', 'machineVersion']) {
      const snapshot = encodeChecked({ ...readChecked('snapshot.json'), [key]: format });
      expect(await withBytes('snapshot.json', snapshot)).toEqual({
        code: 'STATE_TOO_NEW',
        file: 'snapshot.json',
      });
    }
  });
});

describe('a before-image', () => {
  const damages: [string, (file: string) => void][] = [
    ['removed', () => undefined],
    ['replaced', (file) => fs.writeFileSync(file, 'other bytes\n')],
    ['emptied', (file) => fs.writeFileSync(file, '')],
    ['a link to a file outside', (file) => fs.symlinkSync(path.join(base, 'outside.txt'), file)],
    ['a directory', (file) => fs.mkdirSync(file)],
    ['a FIFO', (file) => execFileSync('mkfifo', [file])],
  ];

  it.each(damages)('%s: what was changed comes back all the same', async (name, put) => {
    for (const index of [0, 1, 3, 4, 5]) {
      const damage = () => {
        fs.rmSync(at(`before/${index}`));
        put(at(`before/${index}`));
      };
      expect(await recoverAfter(damage, `${name} ${index}`)).toBe('before');
    }
  });

  it.each(damages)('%s, and the old file with it: the checkpoint has it', async (name, put) => {
    for (const index of [0, 1]) {
      const damage = () => {
        fs.rmSync(at(`taken/${index}.0`));
        fs.rmSync(at(`before/${index}`));
        put(at(`before/${index}`));
      };
      expect(await recoverAfter(damage, `${name} ${index}`)).toBe('before');
    }
  });
});

describe('a person', () => {
  it('moves the folder of the damaged task away, and goes on', async () => {
    expect(await withBytes('journal.log', Buffer.from('x\ny\n'))).toMatchObject({ code: 'STATE_UNREADABLE' });
    fs.writeFileSync(at('journal.log'), 'x\ny\n');
    fs.renameSync(folder(), path.join(project(), '.git/moult', 'damaged'));
    expect(await service().recover()).toEqual([]);
    const remaining = [{ file: 'mine.txt', type: 'delete' as const }];
    const own = service();
    await own.planImprovement({ ...request, changes: remaining });
    expect((await own.executeImprovement()).success).toBe(true);
    reset();
  });
});
