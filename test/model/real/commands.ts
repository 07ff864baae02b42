import { deepStrictEqual, fail } from 'node:assert/strict';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import type { ImprovementResult, PlannedChange } from '../../../src/index.js';
import { MoultError } from '../../../src/index.js';
import {
  goneWorkOfUser,
  isClean,
  isSame,
  pathsAre,
  put,
  type ModelFile,
  type ModelFiles,
  type ProjectModel,
} from './project-model.js';
import { requestOf, type RealProject } from './real-project.js';

type Command = fc.AsyncCommand<ProjectModel, RealProject>;
type Check = (model: Readonly<ProjectModel>) => boolean;
type Displaced = ImprovementResult['displaced'];

/** What people and programs do: the project must be like the model after it. */
function byUser(
  name: string,
  check: Check,
  work: (model: ProjectModel, project: RealProject) => Promise<void>,
): Command {
  return {
    check: (model) => check(model),
    toString: () => name,
    run: async (model, project) => {
      await work(model, project);
      await project.requireLike(model, `after ${name}`);
    },
  };
}

/** What moult does: moreover nothing that git keeps changes, and the user's bytes stand where they stood or are displaced. */
function byMoult(
  name: string,
  check: Check,
  work: (model: ProjectModel, project: RealProject, was: ModelFiles) => Promise<Displaced | void>,
): Command {
  return {
    check: (model) => check(model),
    toString: () => name,
    run: async (model, project) => {
      const git = await project.gitState();
      const was = new Map(model.files);
      const displaced = (await work(model, project, was)) ?? [];
      await project.requireLike(model, `after ${name}`);
      deepStrictEqual(await project.gitState(), git, `git after ${name}`);
      const saved = await Promise.all(displaced.map(({ savedAt }) => readFile(savedAt, 'utf8')));
      const lost = goneWorkOfUser(was, model).filter((text) => !saved.includes(text));
      deepStrictEqual(lost, [], `lost after ${name}; displaced: ${JSON.stringify(saved)}`);
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
  byUser(`edit ${path}`, always, async ({ files }, project) => {
    await project.write(path, { text: content, isExecutable });
    // Who saves what stands there already has written nothing.
    const owner = files.get(path)?.text === content ? files.get(path)!.owner : 'user';
    files.set(path, { text: content, isExecutable, owner });
  }),
);

const remove = file.map((path) =>
  byUser(
    `remove ${path}`,
    ({ files }) => files.has(path),
    async ({ files }, project) => {
      await project.remove(path);
      files.delete(path);
    },
  ),
);

const stage = fc.constant(
  byUser('stage', always, async (_, { folder }) => void (await folder.git(['add', '--all']))),
);

const commit = fc.constant(
  byUser('commit', always, async (model, { folder }) => {
    await folder.git(['add', '--all']);
    await folder.git(['commit', '--quiet', '--allow-empty', '--message', 'More']);
    model.commits.set(model.branch, new Map(model.files));
  }),
);

const switchBranch = fc.constantFrom('main', 'other').map((branch) =>
  byUser(`switch to ${branch}`, isClean, async (model, { folder }) => {
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
  const after = content ?? before?.text ?? '';
  const owner = before?.text === after ? before.owner : 'moult';
  return { text: after, isExecutable, owner };
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
  byMoult(
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
      model.improvement = { state: 'ready', requiresRestart, changes: planned, before, after };
    },
  ),
);

/** The result; null where the plan was stale, and must have been. */
async function executed(
  model: ProjectModel,
  work: Promise<ImprovementResult>,
): Promise<ImprovementResult | null> {
  const { files, improvement } = model;
  let result: ImprovementResult | null = null;
  const code = await codeOf(work.then((ended) => (result = ended)));
  deepStrictEqual(code, pathsAre(files, improvement!.before) ? 'none' : 'PLAN_STALE');
  improvement!.state = 'ended';
  return result;
}

function keep(model: ProjectModel, status: string): void {
  const improvement = model.improvement!;
  improvement.state = improvement.requiresRestart ? 'awaiting_confirmation' : 'completed';
  deepStrictEqual(status, improvement.state);
  put(model.files, improvement.after);
}

const execute = fc.constantFrom('pass' as const, 'fail' as const).map((check) =>
  byMoult(`execute, checks ${check}`, stands('ready'), async (model, project) => {
    await project.setCheck(check);
    const result = await executed(model, project.service().executeImprovement());
    if (result && check === 'pass') keep(model, result.status);
    else if (result) deepStrictEqual(result.status, 'rolled_back');
    return result?.displaced;
  }),
);

/** No other edit has this text. */
const meanwhile: ModelFile = { text: 'saved meanwhile\n', isExecutable: false, owner: 'user' };

/** Whoever saves a file gives up what stood there. */
async function editMeanwhile(project: RealProject, path: string, was: ModelFiles): Promise<void> {
  await project.write(path, meanwhile);
  was.delete(path);
}

/** After an improvement was taken back, what somebody saved meanwhile stands where it was saved, or was moved aside for what was there. */
async function settleEdit(
  model: ProjectModel,
  project: RealProject,
  path: string,
  displaced: Displaced,
): Promise<void> {
  if ((await project.read(path))?.text === meanwhile.text) return void model.files.set(path, meanwhile);
  const saved = await Promise.all(displaced.map(({ savedAt }) => readFile(savedAt, 'utf8')));
  if (!saved.includes(meanwhile.text))
    fail(`the edit of ${path} is gone; displaced: ${JSON.stringify(saved)}`);
}

const executeEdited = fc.tuple(file, fc.constantFrom('pass' as const, 'fail' as const)).map(([path, check]) =>
  byMoult(
    `execute, somebody edits ${path} while the checks run, they ${check}`,
    stands('ready'),
    async (model, project, was) => {
      await project.setCheck(check, true);
      const work = project.service().executeImprovement();
      await project.untilChecked(work);
      const isStale = !pathsAre(model.files, model.improvement!.before);
      if (!isStale) await editMeanwhile(project, path, was);
      await project.letGo();
      const result = await executed(model, work);
      if (!result) return;
      if (check === 'pass' && !model.improvement!.after.has(path)) {
        keep(model, result.status);
        model.files.set(path, meanwhile);
      } else {
        deepStrictEqual(result.status, 'rolled_back');
        await settleEdit(model, project, path, result.displaced);
      }
      return result.displaced;
    },
  ),
);

const executeCancelled = fc.constant(
  byMoult('execute, cancel while the checks run', stands('ready'), async (model, project) => {
    await project.setCheck('pass', true);
    const work = project.service().executeImprovement();
    await project.untilChecked(work);
    if (pathsAre(model.files, model.improvement!.before)) await project.service().cancelImprovement();
    const result = await executed(model, work);
    if (result) deepStrictEqual(result.status, 'cancelled');
    return result?.displaced;
  }),
);

const cancel = fc.constant(
  byMoult('cancel', stands('ready'), async (model, project) => {
    await project.service().cancelImprovement();
    model.improvement!.state = 'ended';
  }),
);

const confirm = fc.constant(
  byMoult('confirm', stands('awaiting_confirmation'), async (model, project) => {
    await project.service().confirmImprovement(undefined, { by: 'the model' });
    model.improvement!.state = 'completed';
  }),
);

const rollBack = fc.boolean().map((force) =>
  byMoult(
    `roll back${force ? ' by force' : ''}`,
    stands('completed', 'awaiting_confirmation'),
    async (model, project) => {
      const improvement = model.improvement!;
      const service = project.service();
      const [{ taskId } = { taskId: '' }] = (await service.listImprovements()).slice(-1);
      const isEdited = !pathsAre(model.files, improvement.after);
      let result: ImprovementResult | null = null;
      const code = await codeOf(
        service.rollbackImprovement(taskId, { force }).then((ended) => (result = ended)),
      );
      deepStrictEqual(code, isEdited && !force ? 'ROLLBACK_CONFLICT' : 'none');
      if (code !== 'none') return;
      put(model.files, improvement.before);
      improvement.state = 'ended';
      return (result as unknown as ImprovementResult).displaced;
    },
  ),
);

const recover = fc.constant(
  byMoult('recover, with nothing to recover', always, async (_, project) => {
    deepStrictEqual(await project.service().recover(), []);
  }),
);

const moment = fc.oneof(fc.integer({ min: 0, max: 700 }), fc.constant('in the check' as const));

const kill = fc.tuple(moment, fc.option(file)).map(([when, path]) =>
  byMoult(
    `execute, kill ${when === 'in the check' ? when : `after ${when} ms`}${path ? `, edit ${path}` : ''}, recover`,
    stands('ready'),
    async (model, project, was) => {
      await project.setCheck('pass', true);
      await project.executeAndKill(when);
      if (path) await editMeanwhile(project, path, was);
      const service = project.service();
      const displaced = (await service.recover()).flatMap(({ result }) => result.displaced);
      const [newest] = (await service.listImprovements()).slice(-1);
      // It was killed before it began, or the plan was stale, or it was taken back: the files are as they were.
      if (newest?.status !== 'planning') {
        if (!['rolled_back', 'cancelled'].includes(newest?.status ?? '')) fail(`it is ${newest?.status}`);
        model.improvement!.state = 'ended';
      }
      if (path) await settleEdit(model, project, path, displaced);
      return displaced;
    },
  ),
);

export type Sequence = Command[];

/** Everything a person, a program and a power cut can do, one after the other. */
export const sequences: fc.Arbitrary<Sequence> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: edit },
    { weight: 1, arbitrary: remove },
    { weight: 1, arbitrary: stage },
    { weight: 1, arbitrary: commit },
    { weight: 1, arbitrary: switchBranch },
    { weight: 6, arbitrary: plan },
    { weight: 5, arbitrary: execute },
    { weight: 2, arbitrary: executeEdited },
    { weight: 1, arbitrary: executeCancelled },
    { weight: 1, arbitrary: cancel },
    { weight: 2, arbitrary: confirm },
    { weight: 3, arbitrary: rollBack },
    { weight: 2, arbitrary: kill },
    { weight: 1, arbitrary: recover },
  ),
  { minLength: 8, maxLength: 30, size: 'max' },
);
