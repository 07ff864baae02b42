import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ActorInfo } from '../../protocol/live.js';
import type { Session } from '../../protocol/session.js';
import { FailureNote } from '../elements/failure-note.js';
import { OptionList } from '../list/option-list.js';
import { RunView } from '../run/run-view.js';
import { Scrubber } from '../run/scrubber.js';
import type { Connection, Source } from '../source/source.js';
import { visible } from '../text/visible.js';
import { ActorRow } from './actor-row.js';
import { SendDialog } from './send-dialog.js';
import { useActors } from './use-actors.js';

interface Props {
  source: Source;
  session: Session;
  onConnection: (connection: Connection) => void;
}

/** Actors of the user: any machine of XState, and its children. */
export function ActorsPage({ source, session, onConnection }: Props): JSX.Element {
  const { view, error } = useActors(source, onConnection);
  const { actors, timeline, charts } = view;
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [picked, setPicked] = useState<number | null>(null);
  const [sending, setSending] = useState<string | null>(null);
  const position = Math.max(
    0,
    actors.findIndex(({ id }) => id === chosenId),
  );
  const actor: ActorInfo | undefined = actors[position];
  const { entries } = timeline;
  const isNewest = picked === null || picked >= entries.length - 1;
  const index = isNewest ? entries.length - 1 : picked;
  const moment = useMemo(() => timeline.momentAt(index), [view, index]);
  if (!actor) return error === null ? <p class="empty">No actor yet …</p> : <FailureNote error={error} />;
  const chart = charts.get(actor.chart ?? '');
  return (
    <div class="task">
      <div class="task-head">
        <div class="task-words">
          <h1>{visible(session.title)}</h1>
        </div>
        <div class="actions" role="group" aria-label="Events">
          {actor.events.map(({ type, canBeTaken }) => (
            <button
              key={type}
              type="button"
              class="button"
              aria-disabled={!session.actionsAllowed || !canBeTaken}
              title={
                session.actionsAllowed
                  ? canBeTaken
                    ? `Send ${type}`
                    : 'It would do nothing now.'
                  : 'Start the inspector with actions allowed to send events.'
              }
              onClick={() => {
                if (session.actionsAllowed && canBeTaken) setSending(type);
              }}
            >
              {visible(type)}
            </button>
          ))}
        </div>
      </div>
      {error === null ? null : <FailureNote error={error} />}
      <div class="view actors-view">
        <section class="panel" aria-label="Actors">
          <header class="panel-head">
            <h2>Actors</h2>
          </header>
          <OptionList
            id="actors"
            label="Actors"
            count={actors.length}
            rowHeight={46}
            chosen={position}
            onChoose={(row) => setChosenId(actors[row]!.id)}
            empty="No actor."
            option={(row) => <ActorRow actor={actors[row]!} actors={actors} />}
          />
        </section>
        <RunView
          timeline={timeline}
          entries={entries}
          count={entries.length}
          chosen={index}
          onChoose={setPicked}
          charts={chart ? [chart] : []}
          moment={moment}
          actorId={actor.id}
          files={null}
        />
      </div>
      <Scrubber
        entries={entries}
        count={entries.length}
        index={index}
        isNewest={isNewest}
        isLive
        state={moment.actors.get(actor.id)?.state ?? null}
        onChoose={setPicked}
      />
      {sending === null ? null : (
        <SendDialog source={source} actorId={actor.id} type={sending} onClose={() => setSending(null)} />
      )}
    </div>
  );
}
