import type { ImprovementRequest, PlannedChange } from '../improvement.js';

/** The files whose new content the request leaves to the host's editor. A `modify` with only a `mode` keeps its bytes. */
export function changesWithoutContent(request: Pick<ImprovementRequest, 'changes'>): string[] {
  return request.changes.filter(lacksContent).map((change) => change.file);
}

function lacksContent(change: PlannedChange): boolean {
  if (change.type === 'delete') return false;
  if (change.type === 'modify' && change.mode !== undefined) return false;
  const { content, contentBase64, edits, patch, symlink } = change;
  return [content, contentBase64, edits, patch, symlink].every((source) => source === undefined);
}
