import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEngine } from './bundle-engine.mjs';
import { fastDirectory } from './fast-directory.mjs';
import { inject } from './injector.mjs';
import { makeProject } from './make-project.mjs';
import { modes } from './modes.mjs';
import { requestOf } from './workloads.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const edited = 'what the person wrote meanwhile\n';

/** Runs single points of the campaign, each in a fresh copy of a project, and judges what is left. */
export class CrashPoints {
  constructor({ engine, testing, binary, keep = false }) {
    Object.assign(this, { engine, testing, binary, keep });
    this.templates = new Map();
    this.expectations = new Map();
    this.ofChildren = new Map();
  }

  async start() {
    this.directory = await fastDirectory('moult-crash-');
    this.engine = await bundleEngine(this.engine, join(this.directory, 'engine.mjs'));
    this.service = (await import(this.engine)).SelfImprovementService;
    const { manifest, diffManifests } = await import(this.testing);
    Object.assign(this, { manifest, diffManifests });
  }

  stop() {
    if (!this.keep) rmSync(this.directory, { recursive: true, force: true });
  }

  /** The number of operations a workload makes, for choosing points. */
  async countOperations(workload, { countSyncs = false } = {}) {
    const { operations } = await this.expectation(workload);
    return countSyncs ? operations.withSyncs : operations.withoutSyncs;
  }

  /**
   * @returns null where the workload has no n-th operation; else { operation, label, problems }, no problems being good.
   */
  async run(workload, modeName, n, k = 0) {
    const expectation = await this.expectation(workload);
    const root = await this.copyOf(workload);
    const mode = modes[modeName];
    const hook = this.hookOf(modeName, workload, root, n);
    const options = { mode: mode.inject, n, root, hook, countSyncs: mode.countSyncs };
    const ran = await inject(this.binary, options, this.commandOf(workload, root, modeName));
    if (!ran.fired) {
      rmSync(root, { recursive: true, force: true });
      return null;
    }
    if (modeName === 'double') {
      const recovery = await inject(this.binary, { mode: 'kill', n: k, root }, this.recoveryOf(root));
      if (!recovery.fired) {
        rmSync(root, { recursive: true, force: true });
        return null;
      }
    }
    const judged = await this.judge({ workload, modeName, root, ran, expectation });
    if (!this.keep || judged.problems.length === 0) rmSync(root, { recursive: true, force: true });
    return { operation: ran.operation.replaceAll(root, ''), ...judged };
  }

  async judge({ modeName, root, ran, expectation }) {
    const problems = [];
    const said = ran.stdout.split('\n').filter(Boolean);
    const results = said.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    if (modes[modeName].survives && said.length === 0)
      problems.push(`it said nothing: exit ${ran.code} ${ran.stderr.slice(0, 500)}`);
    const recovered = await this.recover(root, problems);
    await this.requireUsable(root, problems);
    const tree = await this.manifest(root);
    const ignore = ['.moult', ...(modeName === 'editor' ? [expectation.editedFile] : [])];
    const toBefore = this.diffManifests(expectation.before, tree, { ignore });
    const toAfter = this.diffManifests(expectation.after, tree, { ignore });
    const label = toBefore.length === 0 ? 'before' : toAfter.length === 0 ? 'after' : 'mixed';
    if (label === 'mixed')
      problems.push(
        ...toBefore.slice(0, 5).map((line) => `not as before: ${line}`),
        ...toAfter.slice(0, 5).map((line) => `not as after: ${line}`),
      );
    const completed =
      results.some(({ status }) => status === 'completed') ||
      recovered.some(({ result }) => result.status === 'completed');
    if (completed && label !== 'after') problems.push('completed was said, but the files are not as after');
    if (!completed && modes[modeName].survives && label !== 'before')
      problems.push(`nothing was completed, but the files are as ${label}: ${said.join(' ')}`);
    if (modes[modeName].fillsUp && results.some(({ status }) => status === 'rollback_failed'))
      problems.push('a full disk kept the rollback from its end');
    if (modeName === 'editor')
      this.requireEdit(root, expectation, [...results, ...recovered.map(({ result }) => result)], problems);
    return { label, problems };
  }

  async recover(root, problems) {
    try {
      return await new this.service(root, { config: {}, logger: quiet }).recover();
    } catch (error) {
      problems.push(`recovery threw ${error.code ?? ''} ${error.stack}`);
      return [];
    }
  }

  /** The person's bytes are in the file, or in a place that a result names, or in the before-image of a plan made since. */
  requireEdit(root, { editedFile }, results, problems) {
    if (!existsSync(witnessOf(root))) return;
    const places = [
      join(root, editedFile),
      ...results.flatMap(({ displaced }) => displaced.map(({ savedAt }) => savedAt)),
    ];
    if (places.some((place) => holds(place, edited))) return;
    const saved = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\/before\/\d+$/.test(name),
    );
    if (!saved.some((name) => holds(join(root, name), edited)))
      problems.push(`the person's edit of ${editedFile} is lost`);
  }

  /** Whatever happened, the next improvement is not kept from being planned. */
  async requireUsable(root, problems) {
    const service = new this.service(root, { config: {}, logger: quiet });
    try {
      const active = (await service.listImprovements()).filter(({ status }) => status === 'planning');
      for (const { taskId } of active) await service.cancelImprovement(taskId);
      await service.planImprovement({
        description: 'next',
        targetFiles: ['next.txt'],
        changes: [],
        requiresRestart: false,
      });
      await service.cancelImprovement();
    } catch (error) {
      problems.push(`the next plan was refused: ${error.code ?? ''} ${error.message}`);
    }
  }

  hookOf(modeName, workload, root, n) {
    if (modeName === 'second') return this.commandOf(workload, root).map(quote).join(' ');
    if (modeName === 'late') return this.recoveryOf(root).map(quote).join(' ');
    if (modeName !== 'editor') return undefined;
    const file = join(root, editedFileOf(workload));
    return [
      process.execPath,
      here('save-like-an-editor.mjs'),
      file,
      edited,
      savesInPlace(workload, n) ? 'in-place' : 'rename',
      witnessOf(root),
    ]
      .map(quote)
      .join(' ');
  }

  commandOf(workload, root, modeName) {
    // The check of an orphan that goes on writes a planned file anew; through a link it would be another.
    const check =
      modeName === 'late'
        ? [
            `node -e "const fs = require('fs'), file = '${editedFileOf(workload)}'; fs.rmSync(file, { force: true }); fs.writeFileSync(file, 'late')"`,
          ]
        : [];
    return [process.execPath, here('run-workload.mjs'), this.engine, root, workload.name, ...check];
  }

  recoveryOf(root) {
    return [process.execPath, here('recover-project.mjs'), this.engine, root];
  }

  async expectation(workload) {
    const known = this.expectations.get(workload.name);
    if (known) return known;
    const root = await this.copyOf(workload);
    const before = await this.manifest(root);
    const operations = await this.count(workload);
    await this.apply(root, workload);
    const after = await this.manifest(root);
    rmSync(root, { recursive: true, force: true });
    const expectation = { before, after, operations, editedFile: editedFileOf(workload) };
    this.expectations.set(workload.name, expectation);
    return expectation;
  }

  /** One run tells both numbers: the tracer's log names each operation. */
  async count(workload) {
    const lines = await this.log(workload);
    return { withSyncs: lines.length, withoutSyncs: lines.filter((line) => !isUncounted(line)).length };
  }

  /** The numbers of the operations at which a mode has something to do. */
  async numbersFor(workload, modeName) {
    if (modeName === 'late') return this.numbersOfChildren(workload);
    const total = await this.countOperations(workload, modes[modeName]);
    return Array.from({ length: total }, (_, index) => index + 1);
  }

  /** At the others there is no orphan that could go on. */
  async numbersOfChildren(workload) {
    if (!this.ofChildren.has(workload.name)) {
      const lines = (await this.log(workload, 'late')).filter((line) => !isUncounted(line));
      const processes = lines.map((line) => line.split('\t')[1]);
      const numbers = processes.flatMap((id, index) => (id === processes[0] ? [] : [index + 1]));
      this.ofChildren.set(workload.name, numbers);
    }
    return this.ofChildren.get(workload.name);
  }

  /** The tracer's log of an undisturbed run: number, process and operation a line. */
  async log(workload, modeName) {
    const copy = await this.copyOf(workload);
    const log = `${copy}.log`;
    const options = { mode: 'count', n: 0, root: copy, countSyncs: true, log };
    await inject(this.binary, options, this.commandOf(workload, copy, modeName));
    const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
    for (const left of [copy, log]) rmSync(left, { recursive: true, force: true });
    return lines;
  }

  /** The tree after an undisturbed run. That it is right is for other tests to show. */
  async apply(root, workload) {
    const service = new this.service(root, {
      config: {
        checks: [{ name: 'check', type: 'custom', command: 'true', required: true }],
        restartTriggers: [],
      },
      logger: quiet,
    });
    await service.planImprovement(requestOf(workload));
    const { status } = await service.executeImprovement();
    if (status !== 'completed') throw new Error(`${workload.name} is ${status} when nothing disturbs it`);
  }

  async copyOf({ git }) {
    if (!this.templates.has(git)) {
      const template = join(this.directory, git ? 'git' : 'plain');
      await makeProject(template, { git });
      this.templates.set(git, template);
    }
    const root = await mkdtemp(join(this.directory, 'p-'));
    execFileSync('cp', ['-a', `${this.templates.get(git)}/.`, root]);
    return root;
  }
}

/** What the tracer leaves out with -S: it adds no new state on the disk. */
function isUncounted(line) {
  const [, , operation = ''] = line.split('\t');
  return /^(fsync|fdatasync|sync|f?chmod|[fl]?chown|fchmodat|fchownat|f?utimes?|utimensat|[lf]?setxattr)/.test(
    operation,
  );
}

/** There once the person has saved. */
function witnessOf(root) {
  return `${root}.edited`;
}

/** Through a link it would be another file that is written. */
function savesInPlace({ kinds: [first] }, n) {
  return n % 2 === 0 && first !== 'link' && first !== 'unlink';
}

function editedFileOf(workload) {
  const [first] = requestOf(workload).changes;
  return first.file;
}

function holds(file, text) {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
    throw error;
  }
}

function quote(word) {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
