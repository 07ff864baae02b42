import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { deepStrictEqual } from 'node:assert/strict';
import { SelfImprovementService, type ImprovementRequest } from '../../../src/index.js';
import { manifest } from '../../../src/testing/index.js';
import { projectFolder, type ProjectFolder } from '../../../src/testing/project-folder.js';
import type { ModelFile, ModelFiles, ProjectModel } from './project-model.js';

/** The disk does not know who wrote a file. */
type ImageOnDisk = Omit<ModelFile, 'owner'>;

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const program = new URL('execute-plan.mjs', import.meta.url).pathname;

export const firstFiles: ModelFiles = new Map([
  ['a.txt', { text: 'a\n', isExecutable: false, owner: 'user' }],
  ['b.txt', { text: 'b\r\n', isExecutable: false, owner: 'user' }],
  ['bin/c.sh', { text: '#!/bin/sh\n', isExecutable: true, owner: 'user' }],
]);

/** A real repository, and the engine at work in it. Each call makes a service anew, as a new process would. */
export class RealProject {
  private constructor(
    readonly folder: ProjectFolder,
    private readonly base: string,
  ) {}

  static async make(): Promise<RealProject> {
    const base = await realpath(await mkdtemp(path.join(tmpdir(), 'moult-model-')));
    const root = path.join(base, 'project');
    await mkdir(root);
    const project = new RealProject(projectFolder(root), base);
    await project.folder.git(['init', '--quiet', '--initial-branch=main']);
    for (const [file, content] of firstFiles) await project.write(file, content);
    await project.folder.git(['add', '--all']);
    await project.folder.git(['commit', '--quiet', '--message', 'First']);
    return project;
  }

  get root(): string {
    return this.folder.root;
  }

  service(): SelfImprovementService {
    return new SelfImprovementService(this.root, { config: this.config(), logger: quiet });
  }

  /**
   * How the check of the next execution ends, and whether it waits until it is let go. The script lies outside the project,
   * so that no plan goes stale by it.
   */
  async setCheck(end: 'pass' | 'fail', waits = false): Promise<void> {
    await Promise.all([this.begun, this.go].map((file) => rm(file, { force: true })));
    const wait = `touch ${this.begun}; until [ -e ${this.go} ]; do sleep 0.02; done; `;
    await writeFile(path.join(this.base, 'check.sh'), `${waits ? wait : ''}exit ${end === 'pass' ? 0 : 1}\n`);
  }

  /** Settles when the check that waits runs, or what would run it has ended. */
  async untilChecked(ended: Promise<unknown>): Promise<void> {
    let isOver = false;
    void ended.then(
      () => (isOver = true),
      () => (isOver = true),
    );
    while (!isOver && !existsSync(this.begun)) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async letGo(): Promise<void> {
    await writeFile(this.go, '');
  }

  /** Null where there is none. */
  async read(file: string): Promise<ImageOnDisk | null> {
    const target = path.join(this.root, file);
    return existsSync(target) ? fileAt(target) : null;
  }

  async write(file: string, { text, isExecutable }: ImageOnDisk): Promise<void> {
    await this.folder.write(file, text, isExecutable ? 0o755 : 0o644);
    await chmod(path.join(this.root, file), isExecutable ? 0o755 : 0o644);
  }

  async remove(file: string): Promise<void> {
    await unlink(path.join(this.root, file));
  }

  /** Executes the plan in another process, and kills that after so long, or while it checks. */
  async executeAndKill(when: number | 'in the check'): Promise<void> {
    const child = spawn(process.execPath, [program, this.root, JSON.stringify(this.config())], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (when === 'in the check') await this.untilChecked(ended);
    else await new Promise((resolve) => setTimeout(resolve, when));
    child.kill('SIGKILL');
    await ended;
  }

  private get begun(): string {
    return path.join(this.base, 'begun');
  }

  private get go(): string {
    return path.join(this.base, 'go');
  }

  private config(): Record<string, unknown> {
    return {
      checks: [{ name: 'check', type: 'custom', command: `sh ${path.join(this.base, 'check.sh')}` }],
      restartTriggers: [],
      restart: { requireConfirmation: true, delayMs: 0 },
    };
  }

  /** @throws AssertionError where the project is not as the model says. */
  async requireLike(model: ProjectModel, where: string): Promise<void> {
    const found: [string, ImageOnDisk][] = [];
    const visit = async (directory: string): Promise<void> => {
      for (const entry of await readdir(directory, { withFileTypes: true })) {
        const file = path.join(directory, entry.name);
        if (entry.name === '.git') continue;
        if (entry.isDirectory()) await visit(file);
        else found.push([path.relative(this.root, file), await fileAt(file)]);
      }
    };
    await visit(this.root);
    const byPath = (files: Iterable<[string, ImageOnDisk]>) =>
      Object.fromEntries(
        [...files].sort().map(([file, { text, isExecutable }]) => [file, { text, isExecutable }]),
      );
    deepStrictEqual(byPath(found), byPath(model.files), where);
    const branch = (await this.folder.git(['symbolic-ref', '--short', 'HEAD'])).trim();
    deepStrictEqual(branch, model.branch, where);
  }

  /** What git keeps; the engine must leave it as it is. */
  async gitState(): Promise<unknown> {
    return (await manifest(this.root)).git;
  }

  async close(): Promise<void> {
    await rm(this.base, { recursive: true, force: true });
  }
}

async function fileAt(file: string): Promise<ImageOnDisk> {
  const { mode } = await stat(file);
  return { text: await readFile(file, 'utf8'), isExecutable: (mode & 0o100) !== 0 };
}

export function requestOf(
  changes: ImprovementRequest['changes'],
  requiresRestart: boolean,
): ImprovementRequest {
  return { description: 'model', targetFiles: [], changes, requiresRestart };
}
