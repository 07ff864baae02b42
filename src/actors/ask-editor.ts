import { createHash } from 'node:crypto';
import { MoultError } from '../errors/moult-error.js';
import type { FileImage, PlannedPath } from '../plan/plan.js';
import { refuseOwnConfiguration } from '../plan/refuse-own-configuration.js';
import { requireSmallContents } from '../plan/require-within-limits.js';
import { umask } from '../process/umask.js';
import { createFileDurably } from '../store/durable-file.js';
import type { ImprovementParts } from './improvement-parts.js';
import { untilAborted } from './until-aborted.js';

/**
 * Has the host's editor write one file of the plan, and keeps its bytes beside the plan like all others.
 *
 * @throws PATH_PROTECTED, LIMIT_EXCEEDED, EDITOR_MISSING, EDITOR_CONTENT_INVALID, what the editor throws, the signal's reason.
 */
export async function askEditor(
  { fileSystem, plan, folder, editor, rules }: ImprovementParts,
  planned: PlannedPath,
  index: number,
  signal: AbortSignal,
): Promise<FileImage> {
  const change = plan.changes[planned.change ?? -1];
  if (!editor || !change || change.type === 'delete')
    throw new MoultError('EDITOR_MISSING', { paths: [planned.path] });
  const before = planned.before.kind === 'file' ? await fileSystem.readFile(folder.before(index)) : null;
  const request = {
    taskId: plan.taskId,
    file: planned.path,
    type: change.type,
    description: change.description ?? plan.description,
    before,
    signal,
  };
  const bytes = contentOf(await untilAborted(editor.edit(request), signal), planned.path);
  refuseOwnConfiguration(planned.path, before, bytes);
  requireSmallContents([{ path: planned.path, bytes }], (await rules()).config.limits);
  // Left over from a process that died here.
  await fileSystem.rm(folder.planned(index), { force: true });
  await createFileDurably(fileSystem, folder.planned(index), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'file', sha256, mode: modeAfter(change.mode, planned.before), sizeBytes: bytes.length };
}

function contentOf(answer: unknown, path: string): Uint8Array {
  const content = (answer as { content?: unknown } | null | undefined)?.content;
  if (typeof content === 'string') return Buffer.from(content, 'utf8');
  if (content instanceof Uint8Array) return content;
  throw new MoultError('EDITOR_CONTENT_INVALID', { path, reason: 'it holds no content' });
}

function modeAfter(mode: string | undefined, before: FileImage): number {
  if (mode !== undefined) return Number.parseInt(mode, 8);
  return before.kind === 'file' ? before.mode : 0o666 & ~umask();
}
