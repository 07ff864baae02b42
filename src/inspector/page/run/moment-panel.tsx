import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { FileChange } from '../../protocol/improvement.js';
import { Icon } from '../elements/icon.js';
import { Tabs } from '../elements/tabs.js';
import type { Context, FileStanding, Moment } from '../moments/moment.js';
import { clockTime } from '../text/clock-time.js';
import { ContextPanel } from './context-panel.js';
import { standingLook } from '../change/standing-look.js';
import { TreePanel } from './tree-panel.js';

interface Props {
  moment: Moment;
  /** Whose context is shown; null for the actor that came to a state last. */
  actorId: string | null;
  /** Null where there is no plan. */
  files: readonly FileChange[] | null;
  /** To compare with. */
  marked: Moment | null;
  onMark: () => void;
  onUnmark: () => void;
}

type View = 'files' | 'context';

/** The working tree and the context as they were at the chosen moment. */
export function MomentPanel({ moment, files, marked, onMark, onUnmark }: Props): JSX.Element {
  const [view, setView] = useState<View>('files');
  const actor = moment.actors.get(moment.lastActor ?? '');
  const contextAt = ({ actors }: Moment): Context | null =>
    actors.get(moment.lastActor ?? '')?.context ?? null;
  const totals = useMemo(() => totalsOf(files ?? [], moment), [files, moment]);
  return (
    <section class="panel moment" aria-label="At this moment">
      <header class="panel-head">
        <Tabs<View>
          id="moment"
          label="At this moment"
          chosen={view}
          onChoose={setView}
          tabs={[
            ...(files === null ? [] : [{ name: 'files' as const, label: 'Tree' }]),
            { name: 'context', label: 'Context' },
          ]}
        />
        <span class="totals">
          {totals.map(([standing, amount]) => {
            const { tone, icon, text } = standingLook(standing);
            return (
              <span key={standing} class={`total tone-${tone}`} title={text}>
                <Icon name={icon} size={12} /> {amount.toLocaleString('en-US')}
                <span class="hidden-text"> {text}</span>
              </span>
            );
          })}
        </span>
      </header>
      <div class="moment-body" role="tabpanel" id="moment-panel" aria-labelledby={`moment-${view}`}>
        {view === 'context' || files === null ? (
          <ContextPanel
            context={actor?.context ?? null}
            before={actor?.contextBefore ?? null}
            marked={marked ? { context: contextAt(marked), name: clockTime(marked.at ?? '') } : null}
            onMark={onMark}
            onUnmark={onUnmark}
          />
        ) : (
          <TreePanel files={files} standings={moment.files} />
        )}
      </div>
    </section>
  );
}

function totalsOf(files: readonly FileChange[], moment: Moment): [FileStanding, number][] {
  const totals = new Map<FileStanding, number>();
  for (const { index } of files) {
    const standing = moment.files.get(index) ?? 'as_before';
    totals.set(standing, (totals.get(standing) ?? 0) + 1);
  }
  return [...totals];
}
