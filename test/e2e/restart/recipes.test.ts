import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { repository } from '../../support/built-package.js';
import { codeBlocks } from '../../support/code-blocks.js';
import { namedBlocks } from '../../support/named-blocks.js';
import { runProgram } from '../../support/run-program.js';
import { OuterSupervisor } from './outer-supervisor.js';
import { serviceOfDockerfile, serviceOfUnit, type Service } from './service-commands.js';
import { SupervisedProject, version } from './supervised-project.js';

// They wait more than they work.
vi.setConfig({ maxConcurrency: 4 });

const page = 'docs/restart.md';
const blocks = namedBlocks(repository, page);
const block = (name: string) => {
  const text = blocks.get(name);
  if (text === undefined) throw new Error(`${page} has no block ${name}`);
  return text;
};
const shellLines = codeBlocks(repository, page)
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.trim().split('\n'));
const [plain, tsx] = shellLines;

/** A program that can be started in every way the page knows. */
const server = `
import { createServer } from 'node:http';
import { getSafeRestartService } from 'moult';
import { drain } from './drain.js';
import { text } from './version.js';
const restarts = getSafeRestartService();
const { kind } = await restarts.resume();
const server = createServer((_, response) =>
  response.writeHead(200, { connection: 'close' }).end(text + ' ' + kind));
restarts.onShutdown(() => drain(server));
process.on('SIGTERM', () => process.exit(0));
server.listen(Number(process.env.PORT), '127.0.0.1', () => restarts.ready());
`;

interface Way {
  named: string;
  files?: Record<string, string>;
  restart?: object;
}
interface Recipe extends Way {
  /** Whether the guard is the parent of the program. */
  guard: boolean;
  service: () => Service;
}

const again = (main: string[]): Service => ({
  ...{ before: [], main, env: {} },
  startsAgain: (code) => code !== 0 && code !== 78,
});
/** Where nothing tells who starts the program. */
const exit = { strategy: 'exit' };
const entrypoint = /the last two lines are `ENTRYPOINT (.*?)`/.exec(
  readFileSync(path.join(repository, page), 'utf8'),
)?.[1];

const recipes: Recipe[] = [
  { named: 'plain node', guard: true, service: () => again(['sh', '-c', plain!]) },
  {
    named: 'systemd, the guard as ExecStart',
    guard: true,
    service: () => serviceOfUnit(block('moult-guard.service')),
  },
  {
    named: 'systemd, preboot as ExecStartPre',
    guard: false,
    service: () => serviceOfUnit(block('moult-preboot.service')),
  },
  {
    named: 'Docker, the guard as ENTRYPOINT',
    guard: true,
    service: () => serviceOfDockerfile(block('Dockerfile')),
  },
  {
    named: 'Docker, preboot in the ENTRYPOINT',
    guard: false,
    service: () => serviceOfDockerfile(block('Dockerfile'), entrypoint),
    files: { 'entrypoint.sh': block('entrypoint.sh') },
    restart: exit,
  },
  {
    named: 'npm start, after prestart',
    guard: false,
    service: () => again(['npm', 'start', '--silent']),
    files: { 'package.json': block('package.json') },
    restart: exit,
  },
  {
    named: 'the file that PM2 starts, after preboot',
    guard: false,
    service: () => again(['node', 'start.cjs']),
    files: { 'start.cjs': block('start.cjs') },
    restart: exit,
  },
];

/** What differs most; all of them with `npm run test:recipes`. In safe mode all are tried always. */
const sample = recipes.filter(({ named }) => named.startsWith('systemd'));
/** tsx and PM2 come from npm, which takes a while: with MOULT_RECIPES_FROM_NPM=1, as `npm run test:recipes` has it. */
const isFromNpm = process.env.MOULT_RECIPES_FROM_NPM !== undefined;
const npmFolder = path.join(tmpdir(), `moult-from-npm-${process.pid}`);
/** Also as the page says in words: tsx itself as the command. */
const tsxRecipes: Recipe[] = [tsx!, tsx!.replace('node --import tsx', 'tsx')].map((line) => ({
  named: line.replace('npx moult supervise -- ', ''),
  guard: true,
  service: () => again(['sh', '-c', line]),
  files: { 'server.ts': `const typed: string = 'yes';\n${server}` },
}));

const second = version('second');

async function projectOf({ files = {}, restart = {} }: Way): Promise<SupervisedProject> {
  const project = await SupervisedProject.make({ confirmAfterMs: 200, ...restart });
  project.linkMoult();
  project.write('server.js', server);
  project.write('drain.js', block('drain.js'));
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  if ('entrypoint.sh' in files) chmodSync(path.join(project.root, 'entrypoint.sh'), 0o755);
  await project.installGuard();
  return project;
}

/** A good change is kept and a bad one is taken back, and the program is told. */
async function improveAndBreak(project: SupervisedProject): Promise<void> {
  const change = (content: string) => project.change([{ file: 'version.js', type: 'modify', content }]);
  await project.until(async () => (await project.text()) === 'first plain', 'the program answers');

  const good = await change(second);
  await project.restartIsOver(good);
  expect(project.restart()?.value).toBe('confirmed');
  expect(await project.text()).toBe('second restart');
  expect((await project.end(good)).status).toBe('completed');

  const bad = await change(version('third', "throw new Error('boom');"));
  await project.until(async () => (await project.text()) === 'second fallback', 'the old version answers');
  await project.restartIsOver(bad);
  expect(project.restart()?.value).toBe('reverted');
  expect(project.read('version.js')).toBe(second);
  const { status, because } = await project.end(bad);
  expect(status).toBe('rolled_back');
  expect(because).toMatch(/exited with code 1 before it was ready|was ended while it was being tried/);
}

beforeAll(async () => {
  if (!isFromNpm) return;
  mkdirSync(npmFolder);
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--prefix', npmFolder];
  const { exitCode, output } = await runProgram('npm', ['install', ...flags, 'tsx@4', 'pm2@7']);
  if (exitCode !== 0) throw new Error(output);
}, 180_000);
afterAll(() => rmSync(npmFolder, { recursive: true, force: true }));

/** Makes what was installed the project's own. */
function link(project: SupervisedProject): void {
  symlinkSync(path.join(npmFolder, 'node_modules/tsx'), path.join(project.root, 'node_modules/tsx'));
  const bin = path.join(npmFolder, 'node_modules/tsx/dist/cli.mjs');
  symlinkSync(bin, path.join(project.root, 'node_modules/.bin/tsx'));
}

describe('a recipe', () => {
  it.concurrent.each(isFromNpm ? [...recipes, ...tsxRecipes] : sample)(
    '$named',
    async (recipe) => {
      const project = await projectOf(recipe);
      if (isFromNpm) link(project);
      try {
        const outer = new OuterSupervisor(project, onThisMachine(recipe.service(), project.root));
        await improveAndBreak(project);
        // The first one, the good one, the bad one, and the old one again; a guard starts them itself.
        expect(outer.starts).toBe(recipe.guard ? 1 : 4);
      } finally {
        await project.remove();
      }
    },
    180_000,
  );
});

describe('in safe mode the program is not started by', () => {
  it.concurrent.each(recipes)('$named', async (recipe) => {
    const project = await projectOf(recipe);
    try {
      project.stopInSafeMode();
      const service = onThisMachine(recipe.service(), project.root);
      const outer = new OuterSupervisor(project, { ...service, startsAgain: () => false });
      await outer.atRest();
      expect(outer.ends.at(-1)?.[1]).toBe(78);
      expect(await project.text()).toBeNull();
    } finally {
      await project.remove();
    }
  });
});

describe.runIf(isFromNpm)('under PM2 itself', () => {
  it.each<Way & { file: string; restarts: number }>([
    {
      ...{ named: 'PM2 starts the guard', file: 'ecosystem.config.cjs', restarts: 0 },
      files: { 'ecosystem.config.cjs': block('ecosystem.config.cjs') },
    },
    {
      ...{ named: 'PM2 starts the file with preboot', file: 'start.config.cjs', restarts: 3 },
      files: {
        'start.cjs': block('start.cjs'),
        'start.config.cjs':
          "module.exports = { apps: [{ name: 'server', script: 'start.cjs', stop_exit_codes: [78] }] };",
      },
    },
  ])(
    '$named',
    async ({ file, restarts, ...way }) => {
      const project = await projectOf(way);
      project.environment = { PM2_HOME: path.join(project.root, '.pm2') };
      const pm2 = async (...args: string[]) => {
        const bin = path.join(npmFolder, 'node_modules/.bin/pm2');
        const running = project.spawn(bin, args);
        const { code } = await running.ended;
        if (code !== 0) throw new Error(`pm2 ${args.join(' ')}: ${running.log()}`);
      };
      const seen = async () => {
        const env = { ...process.env, ...project.environment };
        const { stdout } = await runProgram(path.join(npmFolder, 'node_modules/.bin/pm2'), ['jlist'], {
          env,
        });
        const [{ pm2_env: app }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [
          { pm2_env: { status: string; restart_time: number } },
        ];
        return { status: app.status, restarts: app.restart_time };
      };
      try {
        await pm2('start', file);
        await improveAndBreak(project);
        expect(await seen()).toEqual({ status: 'online', restarts });

        project.stopInSafeMode();
        await pm2('restart', 'server');
        await expect.poll(seen).toMatchObject({ status: 'stopped' });
        expect(await project.text()).toBeNull();
      } finally {
        await pm2('kill').catch(() => undefined);
        await project.remove();
      }
    },
    180_000,
  );
});

/** The places that the page names. */
function onThisMachine({ before, main, ...service }: Service, root: string): Service {
  const here = (words: string[]) =>
    words.map((word) => word.replace('/usr/bin/node', process.execPath).replace('/srv/app', root));
  return { ...service, before: before.map(here), main: here(main) };
}

describe('the page', () => {
  it('has a place in a test for each of its files', () => {
    expect([...blocks.keys()].sort()).toEqual(
      [
        ...['moult-guard.service', 'moult-preboot.service', 'Dockerfile', 'entrypoint.sh', 'start.cjs'],
        ...['ecosystem.config.cjs', 'package.json', 'drain.js'],
      ].sort(),
    );
  });

  it('has systemd start nothing again in safe mode, and everything else', () => {
    const { startsAgain } = serviceOfUnit(block('moult-guard.service'));
    expect([0, 1, 75, 78, null].map(startsAgain)).toEqual([false, true, true, false, true]);
    const preboot = serviceOfUnit(block('moult-preboot.service'));
    expect([0, 1, 75, 78, null].map(preboot.startsAgain)).toEqual([true, true, true, false, true]);
  });

  it.runIf(existsSync('/usr/bin/systemd-analyze'))('has units that systemd can read', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'moult-units-'));
    try {
      for (const name of ['moult-guard.service', 'moult-preboot.service']) {
        const file = path.join(folder, name);
        writeFileSync(file, block(name).replaceAll('/usr/bin/node', process.execPath));
        expect(await runProgram('systemd-analyze', ['verify', file])).toMatchObject({
          exitCode: 0,
          output: '',
        });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
