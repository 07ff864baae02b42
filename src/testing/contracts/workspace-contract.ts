import { deepStrictEqual, ok, rejects } from 'node:assert/strict';
import { access, chmod, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Displaced } from '../../../machines/improvement-types.js';
import type { PlannedChange } from '../../improvement.js';
import { diffManifests } from '../diff-manifests.js';
import { manifest, type Manifest } from '../manifest.js';
import { casesOf, type Subject } from './cases-of.js';
import type { ContractCase } from './contract-case.js';

/** What a rollback says of itself. */
export interface WorkspaceRollback {
  restored: readonly string[];
  displaced: readonly Displaced[];
}

export interface WorkspaceSubject extends Subject {
  /** The files: an empty folder of this subject's own. */
  root: string;
  /** Looks at the files as they are now, and decides what to change; changes nothing. */
  plan(changes: readonly PlannedChange[]): Promise<void>;
  /** Carries out what was planned. */
  apply(): Promise<void>;
  /** Takes back what was applied. */
  rollBack(): Promise<WorkspaceRollback>;
  /** Paths that are its own and that nobody else looks at, as `.moult`. */
  ignore?: string[];
}

const before = {
  'src/a.txt': 'old a\n',
  'src/b.txt': 'old b\r\n',
  'bin/run.sh': '#!/bin/sh\n',
  'other.txt': 'nobody planned this\n',
};

async function fill({ root }: WorkspaceSubject): Promise<void> {
  for (const [file, text] of Object.entries(before)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  await chmod(path.join(root, 'bin/run.sh'), 0o755);
  await symlink('a.txt', path.join(root, 'src/link'));
}

const everything: PlannedChange[] = [
  { file: 'src/a.txt', type: 'modify', content: 'new a\n' },
  { file: 'src/b.txt', type: 'delete' },
  { file: 'bin/run.sh', type: 'modify', mode: '0644' },
  {
    file: 'made/for/it.bin',
    type: 'create',
    contentBase64: Buffer.from([0, 255, 13, 10]).toString('base64'),
  },
  { file: 'src/link', type: 'modify', content: 'a file now\n', mode: '0600' },
];

async function applyAll(subject: WorkspaceSubject, changes = everything): Promise<void> {
  await subject.plan(changes);
  await subject.apply();
}

async function requireSame(
  subject: WorkspaceSubject,
  then: Manifest,
  view: (now: Manifest) => Manifest = (now) => now,
): Promise<void> {
  const now = view(await manifest(subject.root));
  deepStrictEqual(diffManifests(then, now, { ignore: subject.ignore ?? [] }), []);
}

function withoutLinkCounts({ entries, git }: Manifest): Manifest {
  const plain = Object.entries(entries).map(([name, entry]) => [name, { ...entry, links: 1 }] as const);
  return { entries: Object.fromEntries(plain), git };
}

const read = ({ root }: WorkspaceSubject, file: string) => readFile(path.join(root, file), 'utf8');

const cases: Record<string, (subject: WorkspaceSubject) => Promise<void>> = {
  'plans without touching a file': async (subject) => {
    await fill(subject);
    const then = withoutLinkCounts(await manifest(subject.root));
    await subject.plan(everything);
    // A saved file may have a second name by now.
    await requireSame(subject, then, withoutLinkCounts);
  },
  'applies every kind of change': async (subject) => {
    await fill(subject);
    await applyAll(subject);
    const { entries } = await manifest(subject.root);
    deepStrictEqual(await read(subject, 'src/a.txt'), 'new a\n');
    deepStrictEqual([...(await readFile(path.join(subject.root, 'made/for/it.bin')))], [0, 255, 13, 10]);
    deepStrictEqual(entries['src/b.txt'], undefined);
    deepStrictEqual(await read(subject, 'src/link'), 'a file now\n');
    deepStrictEqual(await read(subject, 'other.txt'), before['other.txt']);
    await rejects(readlink(path.join(subject.root, 'src/link')));
  },
  'puts back every byte, mode, link and folder': async (subject) => {
    await fill(subject);
    const then = await manifest(subject.root);
    await applyAll(subject);
    const { restored } = await subject.rollBack();
    await requireSame(subject, then);
    deepStrictEqual([...restored].sort(), everything.map(({ file }) => file).sort());
  },
  'puts back again what is back already': async (subject) => {
    await fill(subject);
    const then = await manifest(subject.root);
    await applyAll(subject);
    await subject.rollBack();
    // It may say that there is nothing to do.
    await subject.rollBack().catch(() => undefined);
    await requireSame(subject, then);
  },
  'leaves the file that somebody edits elsewhere': async (subject) => {
    await fill(subject);
    await applyAll(subject);
    await writeFile(path.join(subject.root, 'other.txt'), 'edited meanwhile\n');
    await writeFile(path.join(subject.root, 'made/own.txt'), 'a person put this here\n');
    await subject.rollBack();
    deepStrictEqual(await read(subject, 'other.txt'), 'edited meanwhile\n');
    deepStrictEqual(await read(subject, 'made/own.txt'), 'a person put this here\n');
  },
  'keeps what somebody made of a changed file': async (subject) => {
    await fill(subject);
    await applyAll(subject);
    await writeFile(path.join(subject.root, 'src/a.txt'), 'a person made this of it\n');
    const { displaced } = await subject.rollBack();
    const places = [path.join(subject.root, 'src/a.txt'), ...displaced.map(({ savedAt }) => savedAt)];
    const texts = await Promise.all(places.map((place) => readFile(place, 'utf8').catch(() => '')));
    ok(texts.includes('a person made this of it\n'), `not in ${places.join(', ')}`);
  },
  'refuses to apply over an edit made since the plan': async (subject) => {
    await fill(subject);
    await subject.plan(everything);
    await writeFile(path.join(subject.root, 'src/a.txt'), 'edited since\n');
    await rejects(subject.apply());
    deepStrictEqual(await read(subject, 'src/a.txt'), 'edited since\n');
    deepStrictEqual(await read(subject, 'src/b.txt'), before['src/b.txt']);
  },
  'refuses a path that leads outside': async (subject) => {
    await fill(subject);
    const outside = path.join(path.dirname(subject.root), `${path.basename(subject.root)}-outside.txt`);
    const escape: PlannedChange = { file: `../${path.basename(outside)}`, type: 'create', content: 'out' };
    await rejects(applyAll(subject, [escape]));
    await rejects(access(outside));
  },
  'writes through no link': async (subject) => {
    await fill(subject);
    const outside = `${subject.root}-outside`;
    await mkdir(outside);
    try {
      await symlink(outside, path.join(subject.root, 'door'));
      await rejects(applyAll(subject, [{ file: 'door/file.txt', type: 'create', content: 'out' }]));
      await rejects(access(path.join(outside, 'file.txt')));
    } finally {
      await rm(outside, { recursive: true });
    }
  },
};

/** What a workspace must do: before or after, never between, and nobody's work is lost. */
export function workspaceContract(make: () => Promise<WorkspaceSubject> | WorkspaceSubject): ContractCase[] {
  return casesOf(make, cases);
}
