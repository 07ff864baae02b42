import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyGuard } from '../../../src/restart/copy-guard.js';
import { RestartFolder } from '../../../src/restart/restart-folder.js';
import { SafeRestartService } from '../../../src/safe-restart-service.js';
import type { ImprovementRequest } from '../../../src/improvement.js';
import { SelfImprovementService } from '../../../src/self-improvement-service.js';
import { someoneIsInCharge } from '../../../src/supervision/choose-strategy.js';
import { openRestartSite } from '../../../src/supervision/restart-site.js';
import { diffManifests } from '../../../src/testing/diff-manifests.js';
import { manifest, type Manifest } from '../../../src/testing/manifest.js';
import { CollectingLogger } from '../../integration/support/collecting-logger.js';
import { builtCli, repository } from '../../support/built-package.js';
import { runProgram } from '../../support/run-program.js';

/** A server whose text lies in a file of its own, so that a change of that file is a new version. */
const server = `
import { createServer } from 'node:http';
import { behave, text } from './version.js';
const server = createServer((request, response) => {
  const { status = 200, body = text, delayMs = 0 } = behave?.(request) ?? {};
  setTimeout(() => response.writeHead(status, { connection: 'close' }).end(body), delayMs);
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

export const version = (text: string, more = 'export const behave = null;') =>
  `export const text = ${JSON.stringify(text)};\n${more}\n`;

const quickRestart = {
  ...{
    delayMs: 0,
    readyWithinMs: 20_000,
    confirmAfterMs: 300,
    attemptsMax: 1,
    drainMs: 5_000,
    stopMs: 1_000,
  },
};

export interface Running {
  process: ChildProcess;
  /** What it and the program wrote. */
  log: () => string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A snapshot of the restart machine, as far as the tests look at it. */
interface Restart {
  value: unknown;
  status: string;
  context: { taskId: string | null };
}
const none: Restart = { value: null, status: 'none', context: { taskId: null } };

/** What is not the project's source: the state, and what is installed. */
const notSource = ['.moult', 'node_modules'];

/** A project with a server in it, whose program a real guard starts. */
export class SupervisedProject {
  /** Added to the environment of what is started. */
  environment: Record<string, string> = {};
  /** Nothing more is to be started in it. */
  isRemoved = false;
  private readonly started: Running[] = [];

  private constructor(
    readonly root: string,
    readonly port: number,
  ) {}

  /** @param readinessAt by default, an answer of the server to a GET. */
  static async make(
    restart: Record<string, unknown> = {},
    readinessAt = (port: number): object => ({ type: 'http', url: `http://127.0.0.1:${port}/` }),
  ): Promise<SupervisedProject> {
    const root = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'moult-restart-')));
    const project = new SupervisedProject(root, await freePort());
    project.write('server.js', server);
    project.write('version.js', version('first'));
    project.write('package.json', JSON.stringify({ name: 'served', type: 'module', private: true }));
    const readiness = readinessAt(project.port);
    const checks = [{ name: 'ok', type: 'custom', command: 'true' }];
    const config = { checks, restart: { ...quickRestart, readiness, ...restart } };
    project.write('moult.config.json', JSON.stringify(config));
    return project;
  }

  write(file: string, text: string): void {
    fs.writeFileSync(path.join(this.root, file), text);
  }

  read(file: string): string {
    return fs.readFileSync(path.join(this.root, file), 'utf8');
  }

  /** What the project holds, without its state and what is installed. */
  manifest(): Promise<Manifest> {
    return manifest(this.root);
  }

  /** In words, what differs from before. */
  async differsFrom(before: Manifest): Promise<string[]> {
    return diffManifests(before, await this.manifest(), { ignore: notSource });
  }

  /** Lets the program import this package, as a link. */
  linkMoult(): void {
    fs.mkdirSync(path.join(this.root, 'node_modules/.bin'), { recursive: true });
    fs.symlinkSync(repository, path.join(this.root, 'node_modules/moult'));
    fs.symlinkSync(builtCli, path.join(this.root, 'node_modules/.bin/moult'));
  }

  /** What `moult install-guard` does. */
  async installGuard(): Promise<void> {
    const { host, store } = await openRestartSite(this.root, {});
    await copyGuard(host.fileSystem, store.folder);
  }

  /** As after a change that could not be taken back. */
  stopInSafeMode(): void {
    fs.writeFileSync(new RestartFolder(this.state, '').safeMode, 'The program is stopped.\n');
  }

  get state(): string {
    return path.join(this.root, '.moult');
  }

  /** Starts the guard with the server; resolves when that answers. */
  async supervise(cli = builtCli): Promise<Running> {
    const running = this.start([cli, 'supervise', '--', process.execPath, 'server.js']);
    await this.until(async () => (await this.text()) !== null, 'the program answers');
    return running;
  }

  start(args: string[]): Running {
    return this.spawn(process.execPath, args);
  }

  spawn(command: string, args: string[], env: Record<string, string> = {}): Running {
    const child = spawn(command, args, {
      cwd: this.root,
      env: { ...process.env, PORT: String(this.port), VITEST: undefined, ...this.environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const ended = new Promise<Awaited<Running['ended']>>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', (error) => {
        log += error.message;
        resolve({ code: 127, signal: null });
      });
    });
    const running = { process: child, log: () => log, ended };
    this.started.push(running);
    return running;
  }

  /** Carries out a change that needs a restart, from this process; answers its id. */
  async change(changes: ImprovementRequest['changes']): Promise<string> {
    const service = this.service();
    const request = { description: 'Another version', targetFiles: [], requiresRestart: true, changes };
    const taskId = await service.planImprovement(request);
    const { status, error } = await service.executeImprovement(taskId);
    if (status !== 'awaiting_confirmation') throw new Error(`${status}: ${error}`);
    return taskId;
  }

  /** The engine on this project, in a process that is not the program. */
  service(): SelfImprovementService {
    const logger = new CollectingLogger();
    const restart = new SafeRestartService(this.root, { isProgram: false, logger });
    return new SelfImprovementService(this.root, { restart, logger });
  }

  moult(...args: string[]) {
    return runProgram(process.execPath, [builtCli, ...args], { cwd: this.root });
  }

  /** How the improvement ended, and what its result says of it. */
  async end(taskId: string): Promise<{ status: string; because: string }> {
    const { status, result } = await this.service().describeImprovement(taskId);
    return { status, because: result?.error ?? '' };
  }

  /** What the program answers; null where nobody does. */
  async text(): Promise<string | null> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}/`, { signal: AbortSignal.timeout(2_000) });
      return response.ok ? await response.text() : null;
    } catch {
      // Nobody listens, or not yet.
      return null;
    }
  }

  /** The state of the restart as it is on disk. */
  restart(): Restart | null {
    const folder = path.join(this.state, 'restart');
    const [key = ''] = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    const file = path.join(folder, key, 'snapshot.json');
    if (!fs.existsSync(file)) return null;
    const [, json = ''] = fs.readFileSync(file, 'utf8').split('\n');
    return (JSON.parse(json) as { snapshot: Restart }).snapshot;
  }

  async until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + 90_000;
    while (!(await holds())) {
      if (Date.now() > deadline)
        throw new Error(`In vain: ${what}\n${this.started.map(({ log }) => log()).join('\n--\n')}`);
      await sleep(25);
    }
  }

  async untilSomebodyIsInCharge(): Promise<void> {
    const site = await openRestartSite(this.root, {}, { mayWrite: false });
    await this.until(() => someoneIsInCharge(site), 'somebody looks after the program');
  }

  async restartIsOver(taskId: string): Promise<void> {
    const isOver = ({ status, context }: Restart) => status === 'done' && context.taskId === taskId;
    await this.until(() => isOver(this.restart() ?? none), 'the restart is over');
  }

  /** Ends the guard and the program as a power cut would. */
  async kill(running: Running): Promise<void> {
    running.process.kill('SIGKILL');
    await running.ended;
    await this.killPrograms();
  }

  /** Ends what runs in the folder of the project, whoever started it. */
  async killPrograms(): Promise<void> {
    await this.until(() => {
      const pids = this.programs();
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      return pids.length === 0;
    }, 'nothing runs');
  }

  async remove(): Promise<void> {
    this.isRemoved = true;
    for (const { process: child, ended } of this.started) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    }
    await this.killPrograms();
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  /** Every process that runs in the project's folder. */
  programs(): number[] {
    const isHere = (pid: string) => {
      try {
        return fs.readlinkSync(`/proc/${pid}/cwd`) === this.root;
      } catch {
        // It has ended meanwhile.
        return false;
      }
    };
    return fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && isHere(name))
      .map(Number);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
