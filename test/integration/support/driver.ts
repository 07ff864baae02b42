import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { build } from 'tsup';
import type { ImprovementRequest } from '../../../src/improvement.js';
import { runChild } from '../../../src/process/run-child.js';

export interface DriverJob {
  root: string;
  config: Record<string, unknown>;
  do: 'plan' | 'execute' | 'run' | 'recover' | 'cancel';
  request?: ImprovementRequest;
  /** Kills itself in this state: */
  killIn?: string;
  /** before so many calls of the file system were made there. Default: at once. */
  killAfterCalls?: number;
  /** Kills itself when so many files are in place. */
  killWhenApplied?: number;
  /** Kills itself when a check is about to begin. */
  killOnCheck?: boolean;
  /** Where the secrets for the notices are. */
  environment?: Record<string, string>;
  /** How long the notices have in the end. Default: they are not waited for. */
  flushMs?: number;
}

export interface DriverEnd {
  signal: string | null;
  /** What the method answered. */
  answer?: unknown;
  /** The code of what it threw. */
  code?: string;
  /** How many calls of the file system were made in each state. */
  calls?: Record<string, number>;
}

const source = `
import { SelfImprovementService, nodeFileSystem } from './index.js';
const job = JSON.parse(process.argv[2]);
const die = () => process.kill(process.pid, 'SIGKILL');
let state = '', applied = 0;
const calls = {};
const fileSystem = new Proxy(nodeFileSystem, { get: (target, name) => (...args) => {
  calls[state] = (calls[state] ?? 0) + 1;
  if (state === job.killIn && calls[state] > job.killAfterCalls) { die(); return new Promise(() => {}); }
  return target[name](...args);
} });
const onProgress = (event) => {
  if (event.type === 'applied' && ++applied === job.killWhenApplied) die();
  if (event.type === 'check-started' && job.killOnCheck) die();
  if (event.type !== 'state') return;
  state = event.state;
  if (state === job.killIn && job.killAfterCalls === undefined) die();
};
const service = new SelfImprovementService(job.root, {
  config: job.config, environment: job.environment, fileSystem, onProgress, restart: { scheduleRestart() {} },
  logger: { debug() {}, info() {}, warn() {}, error() {} },
});
const say = (end) => process.stdout.write(JSON.stringify({ ...end, calls }));
try {
  let answer;
  if (job.do === 'plan' || job.do === 'run') answer = await service.planImprovement(job.request);
  if (job.do === 'execute' || job.do === 'run') answer = await service.executeImprovement();
  if (job.do === 'recover') answer = await service.recover();
  if (job.do === 'cancel') answer = await service.cancelImprovement();
  if (job.flushMs) await service.flushNotices(job.flushMs);
  say({ answer });
} catch (error) {
  say({ code: error.code ?? String(error) });
}
`;

/** A process of its own that drives the engine as it is in the sources. */
export class Driver {
  private constructor(private readonly directory: string) {}

  static async make(): Promise<Driver> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'moult-driver-'));
    const here = path.resolve(import.meta.dirname, '../../..');
    fs.symlinkSync(path.join(here, 'node_modules'), path.join(directory, 'node_modules'));
    fs.writeFileSync(path.join(directory, 'package.json'), '{ "type": "module" }');
    await build({
      config: false,
      entry: { index: path.join(here, 'src/index.ts') },
      outDir: directory,
      format: ['esm'],
      target: 'node20',
      silent: true,
    });
    fs.writeFileSync(path.join(directory, 'driver.mjs'), source);
    return new Driver(directory);
  }

  remove(): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  async run(job: DriverJob): Promise<DriverEnd> {
    const args = [path.join(this.directory, 'driver.mjs'), JSON.stringify(job)];
    const { signal, stdout, stderr, exitCode } = await runChild(spawn, {
      command: process.execPath,
      args,
      cwd: os.tmpdir(),
      timeoutMs: 30_000,
    });
    if (signal === null && exitCode !== 0) throw new Error(`The driver broke: ${stderr.toString()}`);
    return { signal, ...(stdout.length === 0 ? {} : (JSON.parse(stdout.toString()) as object)) };
  }

  /** Starts one that is left to itself. */
  start(job: DriverJob): { pid: number; kill(): Promise<void>; ended: Promise<void> } {
    const child = spawn(process.execPath, [path.join(this.directory, 'driver.mjs'), JSON.stringify(job)], {
      stdio: 'ignore',
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    return {
      pid: child.pid ?? 0,
      ended,
      kill: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }
}
