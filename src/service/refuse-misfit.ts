import { MoultError } from '../errors/moult-error.js';
import { outsidePlan } from '../plan/outside-plan.js';
import type { FileImage, Plan } from '../plan/plan.js';
import type { Journal, JournalBody } from '../store/journal.js';

/**
 * A journal names paths that will be written, and it may have been written by somebody else: it must say nothing that its
 * plan does not say.
 *
 * @throws STATE_UNREADABLE where it speaks of other paths or other files.
 */
export function refuseMisfit(journal: Journal, plan: Plan, file: string): void {
  const folders = foldersOf(plan);
  const isListed = listedChanges(journal, plan);
  const record = journal
    .all()
    .find(({ body }) => !(body.type === 'undeclared-intent' ? isListed(body) : fits(body, plan, folders)));
  if (record === undefined) return;
  const reason = `record ${record.seq} does not fit the plan`;
  throw new MoultError('STATE_UNREADABLE', { file, reason, saved: null });
}

function fits(body: JournalBody, plan: Plan, folders: ReadonlySet<string>): boolean {
  if (body.type === 'directory-intent') return folders.has(body.path) && isAbove(body.anchor, body.path);
  if (!('index' in body)) return true;
  const planned = plan.paths[body.index];
  if (planned === undefined) return false;
  if (body.type !== 'intent') return true;
  const { path, anchor, before, after } = body;
  const isAsPlanned = planned.source === 'editor' ? after !== null : same(after, planned.after);
  return path === planned.path && same(before, planned.before) && isAsPlanned && isAbove(anchor, path);
}

/** Outside the plan, only what was found changed is put back, and only what was not there is taken away. */
function listedChanges(
  journal: Journal,
  plan: Plan,
): (intent: Extract<JournalBody, { type: 'undeclared-intent' }>) => boolean {
  const isOutside = outsidePlan(plan);
  const changes = journal.of('undeclared').at(-1)?.changes ?? [];
  const listed = new Map(changes.map((change) => [change.path, change]));
  return ({ path, anchor, before }) => {
    const change = listed.get(path);
    if (change === undefined || change.doubt !== null || !isOutside(path)) return false;
    return (change.before === null) === (before.kind === 'absent') && isAbove(anchor, path);
  };
}

/** Every folder above a planned path. */
function foldersOf(plan: Plan): Set<string> {
  const folders = new Set<string>();
  for (const { path } of plan.paths)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      folders.add(path.slice(0, end));
  return folders;
}

function isAbove(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

function same(one: FileImage | null, other: FileImage | null): boolean {
  if (one === null || other === null) return one === other;
  if (one.kind === 'file' && other.kind === 'file')
    return one.sha256 === other.sha256 && one.mode === other.mode && one.sizeBytes === other.sizeBytes;
  if (one.kind === 'symlink' && other.kind === 'symlink') return one.target === other.target;
  return one.kind === other.kind;
}
