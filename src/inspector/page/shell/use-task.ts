import { useEffect, useState } from 'preact/hooks';
import type { Connection, Source } from '../source/source.js';
import { TaskFeed, type TaskView } from '../source/task-feed.js';

export interface TaskControl {
  view: TaskView | null;
  error: unknown;
  connection: Connection;
  refresh: () => void;
}

/** Follows one improvement for as long as it is shown. */
export function useTask(
  source: Source,
  taskId: string,
  onConnection: (connection: Connection) => void,
): TaskControl {
  const [view, setView] = useState<TaskView | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [connection, setConnection] = useState<Connection>('connecting');
  const [feed, setFeed] = useState<TaskFeed | null>(null);
  useEffect(() => {
    const started = new TaskFeed({
      source,
      taskId,
      onChange: (next) => {
        setView(next);
        setError(null);
      },
      onConnection: (next) => {
        setConnection(next);
        onConnection(next);
      },
      onFailure: setError,
      // A page in the background draws no frames, and must still keep up.
      schedule: (tell) => (document.hidden ? setTimeout(tell, 250) : requestAnimationFrame(tell)),
    });
    setFeed(started);
    started.start();
    return () => started.stop();
  }, [source, taskId]);
  return { view, error, connection, refresh: () => feed?.refresh() };
}
