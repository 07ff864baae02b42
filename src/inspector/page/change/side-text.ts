import type { FileSide } from '../../protocol/improvement.js';
import { count } from '../../../wording/count.js';
import { visible } from '../text/visible.js';

/** What can be compared line by line; null where nothing can. A symbolic link is shown by its target. */
export function sideText(side: FileSide): string | null {
  if (side.kind === 'text') return side.text;
  if (side.kind === 'symlink') return `→ ${side.target}\n`;
  return side.kind === 'absent' ? '' : null;
}

/** What is known of a side that cannot be shown. */
export function sideFacts(side: FileSide): string {
  switch (side.kind) {
    case 'absent':
      return 'no file';
    case 'symlink':
      return `a symbolic link to ${visible(side.target)}`;
    case 'unknown':
      return visible(side.why);
    case 'text':
    case 'binary':
    case 'too_large': {
      const kind = { text: 'text', binary: 'not text', too_large: 'too long to show' }[side.kind];
      return `${kind}, ${count(side.sizeBytes, 'byte')}, sha256 ${side.sha256}`;
    }
  }
}
