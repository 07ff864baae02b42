import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../support/built-package.js';
import { runProgram } from '../support/run-program.js';

interface Packed {
  filename: string;
  files: { path: string; mode: number }[];
}

const minutes = 60_000;
const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
const entries = ['moult', 'moult/inspector', 'moult/machines', 'moult/mcp', 'moult/testing'];

let project: string;
let packed: Packed;
const inProject = (command: string, ...args: string[]) => runProgram(command, args, { cwd: project });
const program = async (name: string, code: string) => {
  await writeFile(path.join(project, name), code);
  return inProject(process.execPath, name);
};

/** The package as somebody gets it: packed, and installed in an empty project beside its peer. */
beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'moult-package-'));
  const pack = await runProgram(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', project],
    {
      cwd: repository,
    },
  );
  expect(pack.exitCode, pack.output).toBe(0);
  packed = (JSON.parse(pack.stdout) as Packed[])[0]!;
  await writeFile(path.join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const install = await inProject(
    'npm',
    ...['install', ...flags, `./${packed.filename}`, `xstate@${manifest.devDependencies.xstate}`],
  );
  expect(install.exitCode, install.output).toBe(0);
}, 5 * minutes);
afterAll(() => rm(project, { recursive: true, force: true }));

describe('the packed package', () => {
  it('holds what was built, and the papers', () => {
    const names = packed.files.map((file) => file.path);
    expect(names).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json']));
    expect(names).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js']));
    const others = names.filter(
      (name) => !name.startsWith('dist/') && !/^(package\.json|[A-Z]+(\.md)?)$/.test(name),
    );
    expect(others).toEqual([]);
  });

  it.each([
    ['dist', /^elkjs .*\(EPL-2\.0/m],
    ['dist/inspector-page', /^preact .*\(MIT\)/m],
    ['dist/guard', /^xstate .*\(MIT\)/m],
  ])('has beside what is bundled in %s the licences of it', (folder, licence) => {
    const file = `${folder}/THIRD-PARTY-LICENSES.txt`;
    expect(packed.files.map((one) => one.path)).toContain(file);
    expect(readFileSync(path.join(repository, file), 'utf8')).toMatch(licence);
  });

  it('holds no tests and no configuration of tools', () => {
    const names = packed.files.map((file) => file.path);
    expect(names.filter((name) => /\.test\.|\.spec\.|(^|\/)(test|examples|src)\/|config/.test(name))).toEqual(
      [],
    );
  });

  it('runs nothing when it is installed', async () => {
    const { scripts = {} } = await installedManifest();
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
    expect(hooks.filter((hook) => hook in scripts)).toEqual([]);
  });

  it('says what it needs and under which licence it comes', async () => {
    const { engines, peerDependencies, peerDependenciesMeta, dependencies, license } =
      await installedManifest();
    expect(engines).toEqual({ node: '>=20.19' });
    const optional = Object.keys(peerDependenciesMeta ?? {});
    expect(Object.keys(peerDependencies ?? {}).filter((name) => !optional.includes(name))).toEqual([
      'xstate',
    ]);
    expect(peerDependencies).toMatchObject({ xstate: '^5.33.0' });
    expect(Object.keys(dependencies ?? {})).not.toContain('xstate');
    expect(license).toBe('MIT');
  });
});

describe('a program that has installed it', () => {
  it.each(entries)('imports %s', async (entry) => {
    const { exitCode, output } = await program(
      'import.mjs',
      `import * as all from '${entry}';\nconsole.log(Object.keys(all).length > 0);\n`,
    );
    expect([exitCode, output.trim()]).toEqual([0, 'true']);
  });

  it('gets one machine and one class of errors, whichever way it comes', async () => {
    const { exitCode, output } = await program(
      'shared.mjs',
      `
      import assert from 'node:assert/strict';
      import { createRequire } from 'node:module';
      import { MoultError, SelfImprovementService, improvementMachine } from 'moult';
      import { improvementMachine as same } from 'moult/machines';
      import { tempRepository } from 'moult/testing';
      assert.equal(improvementMachine, same);
      assert.equal(createRequire(import.meta.url)('moult').MoultError, MoultError);
      const error = await new SelfImprovementService('./nowhere').planImprovement({ description: 'x' }).catch((e) => e);
      assert.ok(error instanceof MoultError);
      assert.equal(error.code, 'NOT_A_PROJECT');
      const { root, remove } = await tempRepository();
      const unplanned = await new SelfImprovementService(root).executeImprovement().catch((e) => e);
      await remove();
      assert.ok(unplanned instanceof MoultError);
      assert.equal(unplanned.code, 'NO_TASK');
      `,
    );
    expect(exitCode, output).toBe(0);
  });

  it.each(entries)('requires %s from CommonJS', async (entry) => {
    const { exitCode, stdout, output } = await program(
      'require.cjs',
      `console.log(Object.keys(require('${entry}')).length > 0);\n`,
    );
    expect([exitCode, stdout.trim()], output).toEqual([0, 'true']);
  });

  it('runs the command line', async () => {
    const { exitCode, output } = await inProject('npx', '--no-install', 'moult', '--help');
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/usage: moult/i);
    for (const verb of [
      'run',
      'plan',
      'execute',
      'status',
      'cancel',
      'rollback',
      'recover',
      'history',
      'init',
    ])
      expect(output).toMatch(new RegExp(`^\\s+${verb}\\b`, 'm'));
  });

  it(
    'compiles, with every declaration checked',
    async () => {
      await mkdir(path.join(project, 'node_modules/@types'), { recursive: true });
      for (const name of ['@types/node', 'undici-types'])
        await symlink(path.join(repository, 'node_modules', name), path.join(project, 'node_modules', name));
      await writeFile(path.join(project, 'consumer.mts'), consumer);
      await writeFile(path.join(project, 'wrong.mts'), consumer.replace("'si-1'", '1'));
      const tsc = path.join(repository, 'node_modules/typescript/bin/tsc');
      const flags = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node'];
      const { output } = await inProject(process.execPath, tsc, ...flags, 'consumer.mts', 'wrong.mts');
      expect(output.trim().split('\n')).toEqual([expect.stringMatching(/^wrong\.mts\(\d+,\d+\): error/)]);
    },
    5 * minutes,
  );
});

const consumer = `
import { MoultError, SelfImprovementService, type ErrorCode, type ImprovementResult } from 'moult';
import { improvementMachine, type ImprovementStatus } from 'moult/machines';
import { diffManifests, manifest } from 'moult/testing';
import { createActor } from 'xstate';

const result: ImprovementResult = await new SelfImprovementService('.').executeImprovement('si-1');
const status: ImprovementStatus = result.status;
const code: ErrorCode | null = (await import('moult')).MoultError === MoultError ? 'NO_TASK' : null;
const lines: string[] = diffManifests(await manifest('.'), await manifest('.'));
const flags = { approvalRequired: false, needsRestart: false, confirmationRequired: false };
createActor(improvementMachine, { input: { taskId: 'si-1', planDigest: '', ...flags } }).send({ type: 'CANCEL' });
export { code, lines, status };
`;

async function installedManifest() {
  const file = path.join(project, 'node_modules/moult/package.json');
  return JSON.parse(await readFile(file, 'utf8')) as {
    scripts?: Record<string, string>;
    engines: Record<string, string>;
    peerDependencies: Record<string, string>;
    peerDependenciesMeta?: Record<string, { optional: boolean }>;
    dependencies?: Record<string, string>;
    license: string;
  };
}
