import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { FileChange } from '../../protocol/improvement.js';
import { standingLook } from '../change/standing-look.js';
import { Icon } from '../elements/icon.js';
import { VirtualRows } from '../list/virtual-rows.js';
import type { FileStanding } from '../moments/moment.js';
import { visible } from '../text/visible.js';

interface Props {
  files: readonly FileChange[];
  standings: ReadonlyMap<number, FileStanding>;
}

/** How each planned file stood. */
export function TreePanel({ files, standings }: Props): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <div ref={scroller} class="scroller" role="region" tabIndex={0} aria-label="Planned files at this moment">
      <VirtualRows
        count={files.length}
        rowHeight={26}
        scroller={scroller}
        row={(position) => {
          const { index, path } = files[position]!;
          const { tone, icon, text } = standingLook(standings.get(index));
          return (
            <div key={index} class="tree-row">
              <span class="cut mono" title={visible(path)}>
                {visible(path)}
              </span>
              <span class={`tree-standing tone-${tone}`}>
                <Icon name={icon} size={12} /> {text}
              </span>
            </div>
          );
        }}
      />
    </div>
  );
}
