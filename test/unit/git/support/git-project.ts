import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Checkpoint } from '../../../../machines/improvement-types.js';
import { createCheckpoint } from '../../../../src/git/create-checkpoint.js';
import type { CheckpointRequest } from '../../../../src/git/checkpoint-request.js';
import { findRepository } from '../../../../src/git/find-repository.js';
import { readCheckpointFile } from '../../../../src/git/read-checkpoint-file.js';
import { nodeFileSystem } from '../../../../src/ports/node-file-system.js';
import { nodeSpawner } from '../../../../src/process/node-spawner.js';

export type GitCheckpoint = Extract<Checkpoint, { kind: 'git' }>;

/** A working tree in a folder of its own, and a state directory beside it. */
export class GitProject {
  readonly base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'moult-git-')));
  top = path.join(this.base, 'project');
  readonly state = path.join(this.base, 'state');
  readonly store = path.join(this.state, 'checkpoints.git');
  readonly scratch = path.join(this.state, 'scratch');

  constructor(init: string[] | null = []) {
    fs.mkdirSync(this.top);
    fs.mkdirSync(this.scratch, { recursive: true });
    if (init !== null) this.git('init', '--quiet', '--initial-branch=main', ...init);
  }

  remove(): void {
    fs.rmSync(this.base, { recursive: true, force: true });
  }

  /** The user's git: with an identity, without the configuration of this machine. */
  git(...args: string[]): string {
    return this.gitIn(this.top, args).toString('utf8');
  }

  gitIn(cwd: string, args: string[], input?: Buffer): Buffer {
    return execFileSync('git', args, {
      cwd,
      ...(input && { input }),
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 2 ** 30,
      env: { ...withoutGit(process.env), ...userEnvironment },
    });
  }

  /** Reads our store; what git says there is independent of the code under test. */
  storeGit(...args: string[]): Buffer {
    return this.gitIn(this.store, ['--git-dir', this.store, ...args]);
  }

  path(name: string | Buffer): Buffer {
    return Buffer.concat([Buffer.from(`${this.top}/`), Buffer.from(name)]);
  }

  write(name: string | Buffer, content: string | Buffer = `${name.toString()}\n`, mode?: number): void {
    const file = this.path(name);
    const slash = file.lastIndexOf('/');
    fs.mkdirSync(file.subarray(0, slash), { recursive: true });
    fs.writeFileSync(file, content);
    if (mode !== undefined) fs.chmodSync(file, mode);
  }

  link(name: string, target: string): void {
    fs.symlinkSync(target, this.path(name));
  }

  rm(name: string): void {
    fs.rmSync(this.path(name), { recursive: true });
  }

  commitAll(message = 'a commit'): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', message);
  }

  /** Makes the index older than the next change, so that git need not distrust it. */
  settle(): void {
    const past = Date.now() / 1000 - 100;
    for (const file of this.files()) fs.lutimesSync(this.path(file), past, past);
    this.git('update-index', '-q', '--refresh');
  }

  async repository() {
    const repository = await findRepository(nodeFileSystem, this.top);
    if (repository === null) throw new Error('no repository');
    return repository;
  }

  async checkpoint(changes: Partial<CheckpointRequest> = {}): Promise<GitCheckpoint> {
    const checkpoint = await createCheckpoint(await this.request(changes));
    if (checkpoint.kind !== 'git') throw new Error(checkpoint.reason);
    return checkpoint;
  }

  async request(changes: Partial<CheckpointRequest> = {}): Promise<CheckpointRequest> {
    return {
      fileSystem: nodeFileSystem,
      spawn: nodeSpawner,
      repository: await this.repository(),
      root: this.top,
      store: this.store,
      scratch: this.scratch,
      taskId: 'si-1',
      ...changes,
    };
  }

  async read(name: string, changes: { commit?: string; root?: string } = {}): Promise<Buffer | null> {
    return readCheckpointFile({ ...(await this.request()), path: name, ...changes });
  }

  /** What the user's git takes for the files of the working tree, as bytes in latin1. */
  files(...below: string[]): Buffer[] {
    const listed = this.gitIn(this.top, [
      ...['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--'],
      ...below,
    ]);
    return splitNames(listed).map((name) => Buffer.from(name, 'latin1'));
  }

  /** Name to `mode hash` of everything the working tree holds, by looking at the files themselves. */
  onDisk(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const name of this.files()) {
      const stats = this.lstat(name.toString('latin1'));
      if (!stats?.isFile() && !stats?.isSymbolicLink()) continue;
      const bytes = stats.isSymbolicLink()
        ? fs.readlinkSync(this.path(name), 'buffer')
        : fs.readFileSync(this.path(name));
      const executable = (stats.mode & 0o100) !== 0 ? '100755' : '100644';
      found[name.toString('latin1')] = `${stats.isSymbolicLink() ? '120000' : executable} ${sha(bytes)}`;
    }
    return found;
  }

  /** Null also where the way leads through a link. */
  private lstat(name: string): fs.Stats | null {
    const slash = name.lastIndexOf('/');
    if (slash > 0 && !this.lstat(name.slice(0, slash))?.isDirectory()) return null;
    return fs.lstatSync(this.path(Buffer.from(name, 'latin1')), { throwIfNoEntry: false }) ?? null;
  }

  /** git's own judgement of our store. Names that are dangerous to check out are fine here. */
  fsck(): void {
    const allowed = ['hasDotgit', 'gitmodulesSymlink', 'gitmodulesBlob'].flatMap((id) => [
      '-c',
      `fsck.${id}=ignore`,
    ]);
    this.storeGit(...allowed, 'fsck', '--strict', '--no-dangling');
  }

  /** The same of a checkpoint, by reading every blob; a blob that is not there is `missing`. */
  inCheckpoint(commit: string): Record<string, string> {
    const files = Object.entries(this.tree(commit)).filter(([, { mode }]) => mode !== '160000');
    const hashes = this.blobHashes(files.map(([, { oid }]) => oid));
    return Object.fromEntries(files.map(([name, { mode }], at) => [name, `${mode} ${hashes[at] ?? ''}`]));
  }

  tree(commit: string): Record<string, { mode: string; oid: string }> {
    const lines = splitNames(this.storeGit('ls-tree', '-r', '-z', '--full-tree', commit));
    return Object.fromEntries(
      lines.map((line) => {
        const [mode = '', , oid = ''] = line.split(/[ \t]/, 3);
        return [line.slice(line.indexOf('\t') + 1), { mode, oid }];
      }),
    );
  }

  private blobHashes(oids: string[]): string[] {
    const input = Buffer.from(oids.map((oid) => `${oid}\n`).join(''));
    const output = this.gitIn(this.store, ['--git-dir', this.store, 'cat-file', '--batch'], input);
    let at = 0;
    return oids.map((oid) => {
      const lineEnd = output.indexOf('\n', at);
      const line = output.toString('latin1', at, lineEnd);
      at = lineEnd + 1;
      if (line === `${oid} missing`) return 'missing';
      const start = at;
      at += Number(/^[0-9a-f]+ blob (\d+)$/.exec(line)?.[1]) + 1;
      return sha(output.subarray(start, at - 1));
    });
  }

  /** Every entry of the user's repository: kind, mode, bytes and times. */
  manifest(folder = path.join(this.top, '.git')): Record<string, string> {
    const found: Record<string, string> = {};
    for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      const stats = fs.lstatSync(file, { bigint: true });
      const content = entry.isFile() ? sha(fs.readFileSync(file)) : '';
      found[file] = `${stats.mode.toString(8)} ${stats.mtimeNs} ${stats.ino} ${content}`;
    }
    return found;
  }
}

const splitNames = (bytes: Buffer): string[] => bytes.toString('latin1').split('\0').filter(Boolean);

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_/i.test(name)));
}

const userEnvironment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_AUTHOR_NAME: 'user',
  GIT_AUTHOR_EMAIL: 'user@example.org',
  GIT_COMMITTER_NAME: 'user',
  GIT_COMMITTER_EMAIL: 'user@example.org',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'protocol.file.allow',
  GIT_CONFIG_VALUE_0: 'always',
};
