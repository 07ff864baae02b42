import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../support/built-package.js';
import { runProgram } from '../support/run-program.js';

/** A machine that knows nobody: no identity, no configuration of git, and a folder for temporary files of its own. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moult-quickstart-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const minutes = 60_000;

it(
  'keeps a good change, takes back a bad one and recovers a killed one, and leaves nothing behind',
  async () => {
    const env = { ...process.env, HOME: folder, TMPDIR: folder, XDG_CONFIG_HOME: folder };
    const program = path.join(repository, 'examples/quickstart.mjs');
    const { exitCode, output } = await runProgram(process.execPath, [program], { env, cwd: tmpdir() });
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/kept: 2 planned files are new/);
    expect(output).toMatch(/taken back: \d+ paths compared/);
    expect(output).toMatch(/killed: src\/plan\/glob-matcher\.ts changed already, 3 of 4 changes not yet/);
    expect(output).toMatch(/recovered: \d+ paths compared/);
    expect(readdirSync(folder).filter((name) => name.startsWith('moult-'))).toEqual([]);
  },
  5 * minutes,
);
