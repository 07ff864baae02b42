import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { History } from '../../protocol/improvement.js';
import { FailureNote } from '../elements/failure-note.js';
import { OptionList } from '../list/option-list.js';
import { hashOf } from '../shell/route.js';
import type { Connection, Source } from '../source/source.js';
import { useAnswer } from '../source/use-answer.js';
import { Figures } from './figures.js';
import { HistoryRow } from './history-row.js';
import { searchHistory, type StatusFilter } from './search-history.js';

interface Props {
  source: Source;
  onConnection: (connection: Connection) => void;
}

/** All improvements of the project. */
export function HistoryPage({ source, onConnection }: Props): JSX.Element {
  const [version, setVersion] = useState(0);
  const [words, setWords] = useState('');
  const [status, setStatus] = useState<StatusFilter>('any');
  const [chosen, setChosen] = useState(0);
  const answer = useAnswer<History>(source, 'api/improvements', version);
  useEffect(
    () =>
      source.follow(null, {
        onConnection,
        onMessage: ({ type }) => {
          if (type === 'history') setVersion((known) => known + 1);
        },
      }),
    [source],
  );
  const history = answer.status === 'here' ? answer.value : null;
  const found = useMemo(
    () => searchHistory(history?.improvements ?? [], words, status),
    [history, words, status],
  );
  if (answer.status === 'failed') return <FailureNote error={answer.error} />;
  if (history === null) return <p class="empty">Reading …</p>;
  const open = (index: number): void => {
    const entry = found[index];
    if (entry) location.hash = hashOf({ page: 'task', taskId: entry.taskId, view: 'run' });
  };
  return (
    <div class="history">
      <h1>Improvements</h1>
      <Figures figures={history.figures} />
      <section class="panel" aria-label="All improvements">
        <div class="panel-tools">
          <input
            type="search"
            class="field grow"
            placeholder="Search by description or id"
            aria-label="Search improvements"
            value={words}
            onInput={(event) => {
              setWords(event.currentTarget.value);
              setChosen(0);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') open(0);
            }}
          />
          <select
            class="field"
            aria-label="Status"
            value={status}
            onChange={(event) => {
              setStatus(event.currentTarget.value as StatusFilter);
              setChosen(0);
            }}
          >
            <option value="any">Any status</option>
            <option value="open">Open</option>
            <option value="completed">Completed</option>
            <option value="rolled_back">Rolled back</option>
            <option value="cancelled">Cancelled</option>
            <option value="rollback_failed">Rollback failed</option>
          </select>
        </div>
        <OptionList
          id="history"
          label="Improvements, newest first: Enter opens"
          count={found.length}
          rowHeight={54}
          chosen={Math.min(chosen, found.length - 1)}
          onChoose={setChosen}
          onOpen={open}
          empty={
            history.improvements.length === 0
              ? 'No improvement has been planned yet.'
              : 'No improvement fits.'
          }
          option={(index) => <HistoryRow entry={found[index]!} />}
        />
      </section>
    </div>
  );
}
