import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { removeOldDrafts } from '../../../../src/notify/outbox/remove-old-drafts.js';
import { nodeFileSystem } from '../../../../src/ports/node-file-system.js';

const now = Date.now();

function folderWith(...files: { name: string; changedAt: number }[]): string {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'moult-drafts-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const { name, changedAt } of files) {
    fs.writeFileSync(path.join(folder, name), '{');
    fs.utimesSync(path.join(folder, name), new Date(changedAt), new Date(changedAt));
  }
  return folder;
}

test('what a killed process left half-written goes once it is old; what is being written, and all else, stays', async () => {
  const folder = folderWith(
    { name: 'killed.draft', changedAt: now - 10_000 },
    { name: 'being-written.draft', changedAt: now - 1_000 },
    { name: 'notice', changedAt: now - 10_000 },
  );
  await removeOldDrafts(nodeFileSystem, folder, now - 5_000);
  expect(fs.readdirSync(folder).sort()).toEqual(['being-written.draft', 'notice']);
});

test('a folder that was never made is no error', async () => {
  await removeOldDrafts(nodeFileSystem, path.join(folderWith(), 'queue'), now);
});

test('a draft that gets its name meanwhile is none any more', async () => {
  const folder = folderWith({ name: 'quick.draft', changedAt: now - 10_000 });
  const quick = {
    ...nodeFileSystem,
    lstat: async (file: string) => {
      fs.renameSync(file, path.join(folder, 'quick'));
      return nodeFileSystem.lstat(file);
    },
  } as typeof nodeFileSystem;
  await removeOldDrafts(quick, folder, now);
  expect(fs.readdirSync(folder)).toEqual(['quick']);
});
