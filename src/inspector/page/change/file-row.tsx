import type { JSX } from 'preact';
import type { FileChange } from '../../protocol/improvement.js';
import { Badge } from '../elements/badge.js';
import { Icon } from '../elements/icon.js';
import type { FileStanding } from '../moments/moment.js';
import { visible } from '../text/visible.js';
import { standingLook } from './standing-look.js';

const letters = { create: 'A', modify: 'M', delete: 'D', target: 'T' } as const;
const kinds = { create: 'created', modify: 'modified', delete: 'deleted', target: 'only backed up' } as const;

export function FileRow({
  file,
  standing,
}: {
  file: FileChange;
  standing: FileStanding | undefined;
}): JSX.Element {
  const { tone, icon, text } = standingLook(standing);
  const path = visible(file.path);
  const nameAt = path.lastIndexOf('/') + 1;
  return (
    <>
      <span class={`change-letter ${file.type}`} title={kinds[file.type]}>
        <span aria-hidden="true">{letters[file.type]}</span>
        <span class="hidden-text">{kinds[file.type]}</span>
      </span>
      <span class="file-text">
        <span class="cut file-path" title={path}>
          <span class="file-name">{path.slice(nameAt)}</span>
          <span class="muted">{nameAt > 0 ? ` ${path.slice(0, nameAt - 1)}` : ''}</span>
        </span>
        <span class={`cut file-standing tone-${tone}`}>
          <Icon name={icon} size={12} /> {text}
          {file.reasons.length > 0 ? <span class="muted"> · {visible(file.reasons.join('; '))}</span> : null}
        </span>
      </span>
      {file.risk === 'low' ? null : <Badge of={file.risk} />}
    </>
  );
}
