import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ActionView, Improvement } from '../../protocol/improvement.js';
import type { Session } from '../../protocol/session.js';
import type { TimelineEntry } from '../../protocol/timeline.js';
import { ActionDialog } from '../act/action-dialog.js';
import { ChangeView } from '../change/change-view.js';
import { ChecksView } from '../checks/checks-view.js';
import { FailureNote } from '../elements/failure-note.js';
import { Tabs } from '../elements/tabs.js';
import type { Context, Moment } from '../moments/moment.js';
import type { Timeline } from '../moments/timeline.js';
import { RunView } from '../run/run-view.js';
import { Scrubber } from '../run/scrubber.js';
import { usePacedIndex } from '../run/use-paced-index.js';
import { SequenceView } from '../sequence/sequence-view.js';
import type { Connection, Source } from '../source/source.js';
import { SummaryView } from '../summary/summary-view.js';
import { wordsOf } from '../text/words-of.js';
import { hashOf, type View } from './route.js';
import { TaskHead } from './task-head.js';
import { useTask } from './use-task.js';

interface Props {
  source: Source;
  session: Session;
  taskId: string;
  view: View;
  onConnection: (connection: Connection) => void;
}

const none: readonly TimelineEntry[] = [];

/** One improvement: what it is, what it does, and what a person can do about it. */
export function TaskPage({ source, session, taskId, view, onConnection }: Props): JSX.Element {
  const task = useTask(source, taskId, onConnection);
  const [picked, setPicked] = useState<number | null>(null);
  const [action, setAction] = useState<ActionView | null>(null);
  const [message, setMessage] = useState('');
  const timeline = task.view?.timeline;
  const amount = timeline?.entries.length ?? 0;
  const isNewest = picked === null || picked >= amount - 1;
  const newest = usePacedIndex(timeline?.entries ?? none);
  const index = isNewest ? newest : picked;
  const moment = useMemo(
    () => (task.view && timeline ? momentOf(timeline, index, task.view.improvement) : null),
    [task.view, index],
  );
  if (!task.view || !timeline || !moment) {
    return task.error === null ? <p class="empty">Reading …</p> : <FailureNote error={task.error} />;
  }
  const { improvement, charts, logBytes } = task.view;
  const { entries } = timeline;
  const state = moment.actors.get(moment.lastActor ?? '')?.state ?? null;
  const list = { entries, count: amount, chosen: index, onChoose: setPicked };
  return (
    <div class="task">
      <TaskHead improvement={improvement} session={session} onAct={setAction} />
      {task.error === null ? null : <FailureNote error={task.error} />}
      <Tabs<View>
        id="views"
        label="Views of the improvement"
        chosen={view}
        onChoose={(name) => {
          location.hash = hashOf({ page: 'task', taskId, view: name });
        }}
        tabs={[
          { name: 'run', label: 'Run' },
          { name: 'change', label: 'Change', amount: improvement.files.length },
          { name: 'checks', label: 'Checks', amount: improvement.checks.length },
          { name: 'sequence', label: 'Sequence' },
          { name: 'summary', label: 'Summary' },
        ]}
      />
      <div class="view" role="tabpanel" id="views-panel" aria-labelledby={`views-${view}`}>
        {view === 'run' ? (
          <RunView
            {...list}
            timeline={timeline}
            charts={charts}
            moment={moment}
            actorId={null}
            files={improvement.files}
          />
        ) : view === 'change' ? (
          <ChangeView source={source} improvement={improvement} moment={moment} />
        ) : view === 'checks' ? (
          <ChecksView
            source={source}
            improvement={improvement}
            logBytes={logBytes}
            moment={moment}
            isNewest={isNewest}
          />
        ) : view === 'sequence' ? (
          <SequenceView {...list} />
        ) : (
          <SummaryView improvement={improvement} />
        )}
      </div>
      <Scrubber
        entries={entries}
        count={amount}
        index={index}
        isNewest={isNewest}
        isLive={task.connection === 'live' && improvement.activity !== 'ended'}
        state={state}
        onChoose={setPicked}
      />
      <p class="hidden-text" role="status" aria-live="polite" data-testid="announcement">
        {message === '' ? `The improvement is ${wordsOf(improvement.state)}.` : message}
      </p>
      {action === null ? null : (
        <ActionDialog
          source={source}
          improvement={improvement}
          action={action}
          onClose={() => setAction(null)}
          onDone={(told) => {
            setAction(null);
            setMessage(told);
            setPicked(null);
            task.refresh();
          }}
        />
      )}
    </div>
  );
}

/** Without a timeline, as in what an older version left, at least the state is known. */
function momentOf(timeline: Timeline, index: number, improvement: Improvement): Moment {
  const moment = timeline.momentAt(index);
  if (timeline.entries.length > 0) return moment;
  const { state, charts, updatedAt } = improvement;
  const [chart = 'improvement'] = charts;
  const parts = [chart, ...state.split('.')];
  const active = parts.map((_, position) => parts.slice(0, position + 1).join('.'));
  const context = improvement.context as Context;
  moment.actors.set(chart, {
    ...{ chart, state, active, context },
    ...{ arrived: [], path: new Set(active), contextBefore: null },
  });
  return { ...moment, at: updatedAt, lastActor: chart };
}
