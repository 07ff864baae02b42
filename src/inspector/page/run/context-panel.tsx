import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Segments } from '../elements/segments.js';
import { jsonChanges } from '../json/json-changes.js';
import type { Context } from '../moments/moment.js';
import { ChangeTable } from './change-table.js';
import { JsonTree } from './json-tree.js';

interface Props {
  context: Context | null;
  /** Before the step that led here. */
  before: Context | null;
  /** The context at the moment that was marked, and its name; null where none is. */
  marked: { context: Context | null; name: string } | null;
  onMark: () => void;
  onUnmark: () => void;
}

type View = 'changes' | 'all';

/** The context of the machine at the chosen moment: what the step changed, what changed since a marked moment, or all. */
export function ContextPanel({ context, before, marked, onMark, onUnmark }: Props): JSX.Element {
  const [view, setView] = useState<View>('changes');
  const base = marked ? marked.context : before;
  const changes = useMemo(() => jsonChanges(base ?? {}, context ?? {}), [base, context]);
  return (
    <>
      <div class="panel-tools">
        <Segments
          label="Context"
          choices={[
            { name: 'changes', label: 'Changes' },
            { name: 'all', label: 'Whole context' },
          ]}
          chosen={view}
          onChoose={setView}
        />
        {marked ? (
          <button type="button" class="button quiet" onClick={onUnmark}>
            Compare with the step before
          </button>
        ) : (
          <button type="button" class="button quiet" onClick={onMark}>
            Mark this moment to compare
          </button>
        )}
      </div>
      <div class="scroller" role="region" tabIndex={0} aria-label="Context">
        {view === 'all' ? (
          <JsonTree value={context ?? {}} />
        ) : (
          <ChangeTable
            changes={changes}
            caption={marked ? `Changed since ${marked.name}` : 'Changed by this step'}
          />
        )}
      </div>
    </>
  );
}
