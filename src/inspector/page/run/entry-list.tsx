import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { TimelineEntry } from '../../protocol/timeline.js';
import { OptionList } from '../list/option-list.js';
import { summariseEntry } from '../moments/summarise-entry.js';
import { EntryRow } from './entry-row.js';

interface Props {
  entries: readonly TimelineEntry[];
  /** How many there were when this was drawn: the list itself is one that grows. */
  count: number;
  /** Position of the chosen entry. */
  chosen: number;
  onChoose: (index: number) => void;
}

const kinds = ['all', 'state', 'event', 'effect', 'check', 'journal', 'notice'] as const;
type Kind = (typeof kinds)[number];
const labels: Record<Kind, string> = {
  all: 'Everything',
  state: 'States',
  event: 'Events',
  effect: 'Effects',
  check: 'Checks',
  journal: 'Journal',
  notice: 'Notices',
};

/** The timeline as a list; what is after the chosen moment is dimmed. */
export function EntryList({ entries, count, chosen, onChoose }: Props): JSX.Element {
  const [kind, setKind] = useState<Kind>('all');
  const shown = useMemo(() => indexesOf(entries, kind), [entries, count, kind]);
  const position = lastAtOrBefore(shown, chosen);
  const start = Date.parse(entries[0]?.at ?? '');
  return (
    <section class="panel entries" aria-labelledby="entries-title">
      <header class="panel-head">
        <h2 id="entries-title">Timeline</h2>
        <select
          class="field small"
          aria-label="Show in the timeline"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
        >
          {kinds.map((name) => (
            <option key={name} value={name}>
              {labels[name]}
            </option>
          ))}
        </select>
      </header>
      <OptionList
        id="entries"
        label="Entries of the timeline"
        count={shown.length}
        rowHeight={30}
        chosen={position}
        onChoose={(index) => onChoose(shown[index]!)}
        optionClass={(index) => (shown[index]! > chosen ? 'later' : '')}
        empty="Nothing has happened yet."
        option={(index) => {
          const entry = entries[shown[index]!]!;
          return (
            <EntryRow
              summary={summariseEntry(entry)}
              at={entry.at}
              sinceStartMs={Date.parse(entry.at) - start}
            />
          );
        }}
      />
    </section>
  );
}

function indexesOf(entries: readonly TimelineEntry[], kind: Kind): number[] {
  const indexes = [...entries.keys()];
  return kind === 'all' ? indexes : indexes.filter((index) => entries[index]!.kind === kind);
}

/** The list is sorted: halves are left out until one is left. */
function lastAtOrBefore(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
