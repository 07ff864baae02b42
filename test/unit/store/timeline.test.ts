import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../../src/ports/node-file-system.js';
import { Timeline, type TimelineOptions } from '../../../src/store/timeline.js';
import { CollectingLogger } from '../../integration/support/collecting-logger.js';
import { hookedFileSystem, systemError } from '../../integration/support/hooked-file-system.js';

let folder: string;
let file: string;
const logger = new CollectingLogger();
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moult-timeline-'));
  file = path.join(folder, 'timeline.log');
  logger.lines.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const timeline = (options: Partial<TimelineOptions> = {}) =>
  new Timeline({
    fileSystem: nodeFileSystem,
    file,
    logger,
    now: () => 0,
    mask: (value) => value,
    ...options,
  });
const check = (name: string) => ({ kind: 'check', phase: 'start', name }) as const;
const lines = async () => (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
const names = async () => (await lines()).map((line) => (JSON.parse(line) as { name?: string }).name);

describe('the timeline', () => {
  it('has a line for each record, with its time, in order', async () => {
    const one = timeline();
    one.append(check('a'));
    one.append(check('b'));
    await one.idle();
    one.append(check('c'));
    await one.idle();
    expect((await lines())[0]).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","kind":"check","phase":"start","name":"a"}',
    );
    expect(await names()).toEqual(['a', 'b', 'c']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('goes on behind what another process wrote, and behind a torn line', async () => {
    await writeFile(file, '{"kind":"ch');
    const one = timeline();
    one.append(check('next'));
    await one.idle();
    expect(await lines()).toEqual(['{"kind":"ch', expect.stringContaining('"next"')]);
  });

  it('masks what it writes', async () => {
    const one = timeline({
      mask: (value) => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '***')) as typeof value,
    });
    one.append(check('hunter2'));
    await one.idle();
    expect(await names()).toEqual(['***']);
  });

  it('stops at its bound, and says so', async () => {
    const one = timeline({ maxBytes: 1_000 });
    for (let index = 0; index < 100; index += 1) {
      one.append(check(String(index)));
      await one.idle();
    }
    const written = await lines();
    expect(written.at(-1)).toContain('"full"');
    expect(written.filter((line) => line.includes('"full"')).length).toBe(1);
    expect((await stat(file)).size).toBeLessThan(1_200);
  });

  it('tells the logger once when it cannot be written, and throws nothing', async () => {
    const fileSystem = hookedFileSystem((call) => {
      if (call === 'writeFile') throw systemError('ENOSPC');
    });
    const one = timeline({ fileSystem });
    one.append(check('a'));
    await one.idle();
    one.append(check('b'));
    await one.idle();
    expect(logger.lines).toEqual([expect.stringMatching(/^warn .*not recorded.*ENOSPC/)]);
  });

  it('follows no link at its name', async () => {
    const target = path.join(folder, 'somebody-else');
    await writeFile(target, 'mine');
    await symlink(target, file);
    const one = timeline();
    one.append(check('a'));
    await one.idle();
    expect(await readFile(target, 'utf8')).toBe('mine');
    expect(logger.lines.length).toBe(1);
  });
});
