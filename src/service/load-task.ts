import * as path from 'node:path';
import type { Snapshot } from 'xstate';
import { z } from 'zod';
import { improvementMachine } from '../../machines/improvement-machine.js';
import type { ImprovementContext } from '../../machines/improvement-types.js';
import { MoultError } from '../errors/moult-error.js';
import { decodePlan } from '../plan/plan-file.js';
import type { Plan } from '../plan/plan.js';
import { journalMarks } from '../store/journal-mark.js';
import { Journal, type JournalOptions } from '../store/journal.js';
import { readStateFile } from '../store/read-state-file.js';
import type { TaskFolder } from '../store/task-folder.js';
import type { Standing } from '../notify/milestones-between.js';
import { contextSchema } from './context-schema.js';
import { lstatOrNull } from '../workspace/read-image.js';
import type { Host } from './host.js';
import { ImprovementTask, type TaskSituation } from './improvement-task.js';
import type { Project } from './project.js';
import { refuseMisfit } from './refuse-misfit.js';
import { statePath } from './state-path.js';

type Reader = Pick<Host, 'fileSystem'>;

/** What the disk knows of one improvement. */
export interface TaskRecord {
  plan: Plan;
  standing: Standing;
  revision: number;
  /** ISO 8601: when it came to where it stands. */
  savedAt: string;
  snapshot: Snapshot<unknown>;
}

/**
 * Reads an improvement from disk. Null where its process ended before the first snapshot: nothing was acknowledged.
 *
 * @throws STATE_UNREADABLE naming where the before-images lie, STATE_TOO_NEW.
 */
export async function readTask(
  host: Reader,
  project: Pick<Project, 'store'>,
  folder: TaskFolder,
): Promise<TaskRecord | null> {
  const envelope = await project.store
    .loadSnapshot(folder)
    .catch((error: unknown) => withSaved(error, folder));
  if (envelope === null) return refuseLostSnapshot(host, folder);
  const plan = await readPlan(host, folder);
  const { revision, savedAt } = envelope;
  const snapshot = envelope.snapshot as unknown as Snapshot<unknown>;
  const state = statePath(envelope.snapshot.value);
  if (!knownStates.has(state)) throw unreadable(folder, folder.snapshot, `it names a state ${state}`);
  const context = readContext(envelope.snapshot.context, folder, plan);
  if (isBeforeIntents(state)) await refuseOlderSnapshot(host, folder);
  return { plan, standing: { state, context }, revision, savedAt, snapshot };
}

/** Brings an improvement from disk to life; not yet started. */
export async function loadTask(
  host: Host,
  project: Project,
  folder: TaskFolder,
  record: TaskRecord,
): Promise<ImprovementTask> {
  const { revision, snapshot, savedAt } = record;
  return new ImprovementTask(await situationOf(host, project, folder, record.plan), {
    kind: 'restored',
    revision,
    snapshot,
    savedAt,
  });
}

/** Begins to undo a completed improvement; not yet started. */
export async function undoTask(
  host: Host,
  project: Project,
  folder: TaskFolder,
  record: TaskRecord,
): Promise<ImprovementTask> {
  const { revision, standing } = record;
  const situation = await situationOf(host, project, folder, record.plan);
  return new ImprovementTask(situation, { kind: 'undo', revision, context: standing.context });
}

async function situationOf(
  host: Host,
  project: Project,
  folder: TaskFolder,
  plan: Plan,
): Promise<TaskSituation> {
  const { fileSystem, clock } = host;
  const root = await rootOf(host, project, plan);
  const journal = await openJournal({ fileSystem, file: folder.journal, now: () => clock.now() }, plan).catch(
    (error: unknown) => withSaved(error, folder),
  );
  const { dev: device } = await fileSystem.stat(folder.path);
  return { host, project, root, plan, folder, journal, device };
}

export async function rootOf({ fileSystem }: Host, { home }: Project, plan: Plan): Promise<string> {
  const root = path.join(home, plan.root);
  if ((await fileSystem.realpath(root)) !== root)
    throw new MoultError('PATH_THROUGH_LINK', { path: plan.root, link: root });
  return root;
}

async function openJournal(options: JournalOptions, plan: Plan): Promise<Journal> {
  const journal = await Journal.open(options);
  refuseMisfit(journal, plan, options.file);
  return journal;
}

async function readPlan({ fileSystem }: Reader, folder: TaskFolder): Promise<Plan> {
  try {
    const plan = await decodePlan(await readStateFile(fileSystem, folder.plan), folder.plan);
    if (plan.taskId === folder.taskId) return plan;
    throw unreadable(folder, folder.plan, `it belongs to ${plan.taskId}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw unreadable(folder, folder.plan, 'it is missing', error);
    return withSaved(error, folder);
  }
}

function readContext(value: unknown, folder: TaskFolder, plan: Plan): ImprovementContext {
  const context = contextSchema.safeParse(value);
  if (!context.success) throw unreadable(folder, folder.snapshot, z.prettifyError(context.error));
  const { taskId, planDigest } = context.data;
  if (taskId !== plan.taskId || planDigest !== plan.digest)
    throw unreadable(folder, folder.snapshot, 'it belongs to another plan');
  return value as ImprovementContext;
}

/** The first snapshot is on disk before anything else is done: where something was done, it has been lost since. */
async function refuseLostSnapshot({ fileSystem }: Reader, folder: TaskFolder): Promise<null> {
  const traces = [folder.beforeFolder, folder.stagedFolder, folder.takenFolder];
  const names = await Promise.all(traces.map((trace) => fileSystem.readdir(trace)));
  const journal = await lstatOrNull(fileSystem, folder.journal);
  if (journal?.size === 0n && names.flat().length === 0) return null;
  throw unreadable(folder, folder.snapshot, 'it is missing');
}

/** The machine has saved that it applies changes before the journal got its mark. */
async function refuseOlderSnapshot({ fileSystem }: Reader, folder: TaskFolder): Promise<void> {
  const marks = await journalMarks(fileSystem, folder.path);
  if (marks.length > 0) throw unreadable(folder, folder.snapshot, 'it is older than the journal');
}

function isBeforeIntents(state: string): boolean {
  return (
    state.startsWith('planning.') || ['implementing.backing_up', 'implementing.checkpointing'].includes(state)
  );
}

function unreadable(folder: TaskFolder, file: string, reason: string, cause?: unknown): MoultError {
  return new MoultError('STATE_UNREADABLE', { file, reason, saved: folder.beforeFolder }, { cause });
}

/** Who reads of damaged state wants to know where the old bytes are. */
function withSaved(error: unknown, folder: TaskFolder): never {
  if (!(error instanceof MoultError) || error.code !== 'STATE_UNREADABLE') throw error;
  const { file, reason } = error.details as { file: string; reason: string };
  throw new MoultError('STATE_UNREADABLE', { file, reason, saved: folder.beforeFolder }, { cause: error });
}

const knownStates = new Set(leavesOf(improvementMachine.root));
function leavesOf(node: { path: string[]; states: Record<string, unknown> }): string[] {
  const children = Object.values(node.states) as (typeof node)[];
  return children.length === 0 ? [node.path.join('.')] : children.flatMap(leavesOf);
}
