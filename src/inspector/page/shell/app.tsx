import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../../protocol/session.js';
import { ActorsPage } from '../actors/actors-page.js';
import { FailureNote } from '../elements/failure-note.js';
import { HistoryPage } from '../history/history-page.js';
import type { Connection, Source } from '../source/source.js';
import { useAnswer } from '../source/use-answer.js';
import { TaskPage } from './task-page.js';
import { TopBar } from './top-bar.js';
import { hashOf } from './route.js';
import { useRoute } from './use-route.js';

/** The whole page. */
export function App({ source }: { source: Source }): JSX.Element {
  const answer = useAnswer<Session>(source, 'api/session');
  const session = answer.status === 'here' ? answer.value : null;
  const route = useRoute();
  const [connection, setConnection] = useState<Connection>('connecting');
  const first = session?.task ?? null;
  useEffect(() => {
    if (route.page !== 'first' || first === null) return;
    location.replace(hashOf({ page: 'task', taskId: first, view: 'run' }));
  }, [route.page, first]);
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <TopBar session={session} connection={connection} isHistory={route.page === 'history'} />
      <main id="main" tabIndex={-1}>
        {answer.status === 'failed' ? <FailureNote error={answer.error} /> : null}
        {session === null ? null : session.mode === 'actors' ? (
          <ActorsPage source={source} session={session} onConnection={setConnection} />
        ) : route.page === 'task' ? (
          <TaskPage
            key={route.taskId}
            source={source}
            session={session}
            taskId={route.taskId}
            view={route.view}
            onConnection={setConnection}
          />
        ) : route.page === 'history' || first === null ? (
          <HistoryPage source={source} onConnection={setConnection} />
        ) : null}
      </main>
    </>
  );
}

/** The part of the address behind the hash says which page is shown; it must stay. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
