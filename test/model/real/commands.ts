import { deepStrictEqual, fail } from 'node:assert/strict';
import fc from 'fast-check';
import type { ImprovementResult, PlannedChange } from '../../../src/index.js';
import { MoultError } from '../../../src/index.js';
import { isClean, isSame, pathsAre, put, type ModelFile, type ProjectModel } from './project-model.js';
import { requestOf, type RealProject } from './real-project.js';

type Command = fc.AsyncCommand<ProjectModel, RealProject>;
type Work = (model: ProjectModel, project: RealProject) => Promise<void>;

/** A command after which the project must be like the model; `isOurs`: nothing that git keeps may change. */
function command(
  name: string,
  check: (model: Readonly<ProjectModel>) => boolean,
  work: Work,
  isOurs = false,
): Command {
  return {
    check: (model) => check(model),
    toString: () => name,
    run: async (model, project) => {
      const git = isOurs ? await project.gitState() : null;
      await work(model, project);
      await project.requireLike(model, `after ${name}`);
      if (isOurs) deepStrictEqual(await project.gitState(), git, `git after ${name}`);
    },
  };
}

const paths = ['a.txt', 'b.txt', 'bin/c.sh', 'new/d.txt', 'e.txt'];
const file = fc.constantFrom(...paths);
const text = fc.constantFrom('', 'one\n', 'two\r\n', '\ufeffthree');
const always = () => true;
const stands =
  (...states: string[]) =>
  ({ improvement }: Readonly<ProjectModel>) =>
    improvement !== null && states.includes(improvement.state);

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof MoultError) return String(error.code);
    throw error;
  }
}

const edit = fc.tuple(file, text, fc.boolean()).map(([path, content, isExecutable]) =>
  command(`edit ${path}`, always, async ({ files }, project) => {
    await project.write(path, { text: content, isExecutable });
    files.set(path, { text: content, isExecutable });
  }),
);

const remove = file.map((path) =>
  command(
    `remove ${path}`,
    ({ files }) => files.has(path),
    async ({ files }, project) => {
      await project.remove(path);
      files.delete(path);
    },
  ),
);

const stage = fc.constant(
  command('stage', always, async (_, { folder }) => void (await folder.git(['add', '--all']))),
);

const commit = fc.constant(
  command('commit', always, async (model, { folder }) => {
    await folder.git(['add', '--all']);
    await folder.git(['commit', '--quiet', '--allow-empty', '--message', 'More']);
    model.commits.set(model.branch, new Map(model.files));
  }),
);

const switchBranch = fc.constantFrom('main', 'other').map((branch) =>
  command(`switch to ${branch}`, isClean, async (model, { folder }) => {
    const isNew = !model.commits.has(branch);
    await folder.git(['switch', '--quiet', ...(isNew ? ['--create'] : []), branch]);
    if (isNew) model.commits.set(branch, new Map(model.files));
    model.branch = branch;
    model.files = new Map(model.commits.get(branch));
  }),
);

interface Wish {
  path: string;
  kind: 'content' | 'delete' | 'mode';
  content: string;
  /** Plans what does not fit: to create what is there, to change what is not. */
  isWrong: boolean;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  path: file,
  kind: fc.constantFrom('content', 'content', 'delete', 'mode'),
  content: text,
  isWrong: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});
const wishes = fc.uniqueArray(wish, { minLength: 1, maxLength: 3, selector: ({ path }) => path });

function toChange({ files }: ProjectModel, { path, kind, content, isWrong }: Wish): PlannedChange {
  const isThere = files.has(path) !== isWrong;
  if (!isThere) return { file: path, type: 'create', content };
  if (kind === 'mode') return { file: path, type: 'modify', mode: '0755' };
  return {
    file: path,
    type: kind === 'delete' ? 'delete' : 'modify',
    ...(kind === 'delete' ? {} : { content }),
  };
}

function afterOf({ type, content, mode }: PlannedChange, before: ModelFile | null): ModelFile | null {
  if (type === 'delete') return null;
  const isExecutable = mode === '0755' || (before?.isExecutable ?? false);
  return { text: content ?? before?.text ?? '', isExecutable };
}

/** The refusal that the plan must get; `none` for a plan that can be made. */
function refusalOf({ files, improvement }: ProjectModel, planned: PlannedChange[]): string[] {
  if (improvement !== null && ['ready', 'awaiting_confirmation'].includes(improvement.state))
    return ['TASK_ACTIVE'];
  const misfits = planned.flatMap(({ type, file: path }) => {
    if (type === 'create') return files.has(path) ? ['FILE_EXISTS'] : [];
    return files.has(path) ? [] : ['FILE_MISSING'];
  });
  if (misfits.length > 0) return misfits;
  const isNothing = planned.every((one) => {
    const before = files.get(one.file) ?? null;
    return isSame(before, afterOf(one, before));
  });
  return isNothing ? ['NOTHING_TO_DO'] : ['none'];
}

const plan = fc.tuple(wishes, fc.boolean()).map(([wanted, requiresRestart]) =>
  command(
    `plan ${wanted.map(({ kind, path }) => `${kind} ${path}`).join(', ')}${requiresRestart ? ' with restart' : ''}`,
    always,
    async (model, project) => {
      const planned = wanted.map((one) => toChange(model, one));
      const expected = refusalOf(model, planned);
      const code = await codeOf(project.service().planImprovement(requestOf(planned, requiresRestart)));
      // An active improvement and a misfit at once: either may be named first.
      if (!expected.includes(code) && !(expected[0] === 'TASK_ACTIVE' && code !== 'none'))
        fail(`the plan got ${code} and not ${expected.join(' or ')}`);
      if (code !== 'none') return;
      const before = new Map(planned.map(({ file: path }) => [path, model.files.get(path) ?? null]));
      const after = new Map(planned.map((one) => [one.file, afterOf(one, before.get(one.file) ?? null)]));
      model.improvement = { state: 'ready', changes: planned, before, after };
      needsRestart.set(model.improvement, requiresRestart);
    },
    true,
  ),
);

const needsRestart = new WeakMap<object, boolean>();

const execute = fc.constantFrom('pass', 'fail').map((check) =>
  command(
    `execute, checks ${check}`,
    stands('ready'),
    async (model, project) => {
      const improvement = model.improvement!;
      await project.let(check);
      const isStale = !pathsAre(model.files, improvement.before);
      let result: ImprovementResult | null = null;
      const code = await codeOf(
        project
          .service()
          .executeImprovement()
          .then((ended) => (result = ended)),
      );
      deepStrictEqual(code, isStale ? 'PLAN_STALE' : 'none');
      improvement.state = 'ended';
      if (isStale) return;
      const { status } = result as unknown as ImprovementResult;
      if (check === 'fail') return deepStrictEqual(status, 'rolled_back');
      improvement.state = needsRestart.get(improvement) === true ? 'awaiting_confirmation' : 'completed';
      deepStrictEqual(status, improvement.state);
      put(model.files, improvement.after);
    },
    true,
  ),
);

const cancel = fc.constant(
  command(
    'cancel',
    stands('ready'),
    async (model, project) => {
      await project.service().cancelImprovement();
      model.improvement!.state = 'ended';
    },
    true,
  ),
);

const confirm = fc.constant(
  command(
    'confirm',
    stands('awaiting_confirmation'),
    async (model, project) => {
      await project.service().confirmImprovement(undefined, { by: 'the model' });
      model.improvement!.state = 'completed';
    },
    true,
  ),
);

const rollBack = fc.boolean().map((force) =>
  command(
    `roll back${force ? ' by force' : ''}`,
    stands('completed', 'awaiting_confirmation'),
    async (model, project) => {
      const improvement = model.improvement!;
      const service = project.service();
      const [{ taskId } = { taskId: '' }] = (await service.listImprovements()).slice(-1);
      const isEdited = !pathsAre(model.files, improvement.after);
      const code = await codeOf(service.rollbackImprovement(taskId, { force }));
      deepStrictEqual(code, isEdited && !force ? 'ROLLBACK_CONFLICT' : 'none');
      if (code !== 'none') return;
      put(model.files, improvement.before);
      improvement.state = 'ended';
    },
    true,
  ),
);

const kill = fc.integer({ min: 0, max: 700 }).map((afterMs) =>
  command(
    `execute, kill after ${afterMs} ms, recover`,
    stands('ready'),
    async (model, project) => {
      await project.let('wait');
      await project.executeAndKill(afterMs);
      const service = project.service();
      await service.recover();
      const [newest] = (await service.listImprovements()).slice(-1);
      // It was killed before it began, or the plan was stale, or it was taken back: the files are as they were.
      if (newest?.status === 'planning') return;
      if (!['rolled_back', 'cancelled'].includes(newest?.status ?? '')) fail(`it is ${newest?.status}`);
      model.improvement!.state = 'ended';
    },
    true,
  ),
);

/** Everything a person, a program and a power cut can do, one after the other. */
export const sequences = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: edit },
    { weight: 1, arbitrary: remove },
    { weight: 1, arbitrary: stage },
    { weight: 1, arbitrary: commit },
    { weight: 1, arbitrary: switchBranch },
    { weight: 6, arbitrary: plan },
    { weight: 6, arbitrary: execute },
    { weight: 1, arbitrary: cancel },
    { weight: 2, arbitrary: confirm },
    { weight: 3, arbitrary: rollBack },
    { weight: 1, arbitrary: kill },
  ),
  { minLength: 8, maxLength: 30, size: 'max' },
);
