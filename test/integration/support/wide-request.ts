import * as fs from 'node:fs';
import { expect } from 'vitest';
import type { ImprovementRequest, PlannedChange } from '../../../src/improvement.js';
import { diffManifests } from '../../../src/testing/diff-manifests.js';
import { manifest } from '../../../src/testing/manifest.js';
import type { TestProject } from './project.js';

interface WideChange extends PlannedChange {
  /** What stands there afterwards: bytes and mode, a link's target, or nothing. */
  after: { bytes: Buffer; mode: number } | { target: string } | null;
}

const file = (bytes: string | Buffer, mode = 0o644) => ({ bytes: Buffer.from(bytes), mode });
const bytes = Buffer.from([0, 255, 1, 254, 13, 10, 0]);

/** One change to each kind of file that a temporary repository holds. */
const wideChanges: WideChange[] = [
  {
    file: 'src/a.ts',
    type: 'modify',
    content: 'export const a = 100;\n',
    after: file('export const a = 100;\n'),
  },
  { file: 'src/b.ts', type: 'delete', after: null },
  {
    file: 'new/deep/c.ts',
    type: 'create',
    content: 'export const c = 3;\n',
    after: file('export const c = 3;\n'),
  },
  { file: 'script.sh', type: 'modify', content: '#!/bin/sh\n', after: file('#!/bin/sh\n', 0o755) },
  { file: 'image.bin', type: 'modify', contentBase64: bytes.toString('base64'), after: file(bytes) },
  {
    file: 'crlf.txt',
    type: 'modify',
    edits: [{ oldText: 'second', newText: 'third' }],
    after: file('first\r\nthird\r\nno end'),
  },
  {
    file: 'bom.txt',
    type: 'modify',
    edits: [{ oldText: 'with a', newText: 'with its' }],
    after: file('\uFEFFwith its byte order mark\n'),
  },
  { file: 'empty.txt', type: 'modify', mode: '0600', after: file('', 0o600) },
  { file: 'read-only.txt', type: 'modify', content: 'touched\n', after: file('touched\n', 0o444) },
  { file: 'with space.txt', type: 'modify', content: '', after: file('') },
  { file: 'grüße-日本.txt', type: 'delete', after: null },
  { file: 'new\nline.txt', type: 'modify', content: 'two\nlines\n', after: file('two\nlines\n') },
  { file: 'staged.ts', type: 'modify', content: 'staged\n', after: file('staged\n') },
  { file: 'partial.ts', type: 'delete', after: null },
  { file: 'untracked.txt', type: 'modify', content: 'ours\n', after: file('ours\n') },
  { file: 'untracked folder/notes.txt', type: 'delete', after: null },
  { file: 'ignored.log', type: 'modify', content: 'another log\n', after: file('another log\n') },
  { file: 'build/output.js', type: 'delete', after: null },
  { file: 'deleted.ts', type: 'create', content: 'back\n', mode: '0640', after: file('back\n', 0o640) },
  { file: 'link-to-a.ts', type: 'delete', after: null },
  { file: '-dash "quoted" \'name\'.txt', type: 'create', content: 'odd\n', after: file('odd\n') },
  { file: 'new-link', type: 'create', symlink: 'src/a.ts', after: { target: 'src/a.ts' } },
];

/** Plans something for nearly every file of the project, and backs up another. */
export const wideRequest: ImprovementRequest = {
  description: 'Everything at once',
  targetFiles: ['unstaged.ts', 'src/a.ts'],
  requiresRestart: false,
  changes: wideChanges.map((change): PlannedChange => {
    const { file: name, type, content, contentBase64, edits, symlink, mode } = change;
    return { file: name, type, content, contentBase64, edits, symlink, mode };
  }),
};
const widePaths = wideChanges.map((change) => change.file);

/** Throws unless every planned path holds what was planned, and everything else what it held. */
export async function expectWideRequestInPlace(project: TestProject): Promise<void> {
  const now = await manifest(project.top);
  const prefix = project.root === project.top ? '' : `${project.root.slice(project.top.length + 1)}/`;
  const mayDiffer = [...widePaths, 'new'].map((name) => `${prefix}${name}`);
  expect(diffManifests(project.before, now, { ignore: mayDiffer })).toEqual([]);
  for (const change of wideChanges) {
    const stats = fs.lstatSync(project.at(change.file), { throwIfNoEntry: false });
    const { after } = change;
    if (after === null) expect(stats, change.file).toBeUndefined();
    else if ('target' in after) expect(fs.readlinkSync(project.at(change.file))).toBe(after.target);
    else {
      expect(fs.readFileSync(project.at(change.file)).equals(after.bytes), change.file).toBe(true);
      expect((stats?.mode ?? 0) & 0o7777, change.file).toBe(after.mode);
    }
    if (stats) expect(stats.nlink, `links of ${change.file}`).toBe(1);
  }
}
