import { MoultError } from '../errors/moult-error.js';
import type { PlannedChange } from '../improvement.js';
import { applyEdits } from './apply-edits.js';
import { applyPatch } from './apply-patch.js';
import { decodeText, encodeText } from './utf8-text.js';

/**
 * The bytes a change leaves in its file. A `modify` that gives only a `mode` leaves them as they are. Symbolic links
 * have no bytes and are not for here.
 *
 * @param before the file as it is; null where there is none.
 * @throws MoultError EDIT_NOT_UNIQUE, PATCH_REJECTED, NOT_TEXT; FILE_MISSING for edits and patches without a file;
 * CHANGE_WITHOUT_CONTENT where the change says nothing about the content.
 */
export function newContent(change: PlannedChange, before: Uint8Array | null): Uint8Array {
  const { file, content, contentBase64, edits, patch } = change;
  if (content !== undefined) return encodeText(file, content);
  if (contentBase64 !== undefined) return Buffer.from(contentBase64, 'base64');
  if (edits === undefined && patch === undefined) return unchanged(change, before);
  if (before === null) throw new MoultError('FILE_MISSING', { path: file, type: change.type });
  const text = decodeText(file, before);
  return encodeText(file, edits ? applyEdits(file, text, edits) : applyPatch(file, text, patch ?? ''));
}

function unchanged({ file, type, mode }: PlannedChange, before: Uint8Array | null): Uint8Array {
  if (type === 'modify' && mode !== undefined && before !== null) return before;
  throw new MoultError('CHANGE_WITHOUT_CONTENT', { paths: [file] });
}
