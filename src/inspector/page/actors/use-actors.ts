import { useEffect, useState } from 'preact/hooks';
import type { Chart } from '../../protocol/chart.js';
import type { ActorInfo, LiveMessage } from '../../protocol/live.js';
import { Timeline } from '../moments/timeline.js';
import type { Connection, Source } from '../source/source.js';

export interface ActorsView {
  actors: readonly ActorInfo[];
  timeline: Timeline;
  charts: ReadonlyMap<string, Chart>;
}

/** Follows the actors of a program. */
export function useActors(
  source: Source,
  onConnection: (connection: Connection) => void,
): { view: ActorsView; error: unknown } {
  const [view, setView] = useState<ActorsView>({ actors: [], timeline: new Timeline(), charts: new Map() });
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let timeline = new Timeline();
    let server: string | null = null;
    let isScheduled = false;
    const asked = new Set<string>();
    const tell = (): void => {
      if (isScheduled) return;
      isScheduled = true;
      requestAnimationFrame(() => {
        isScheduled = false;
        setView((known) => ({ ...known, timeline }));
      });
    };
    const fetchChart = (name: string): void => {
      if (asked.has(name)) return;
      asked.add(name);
      source
        .get<Chart>(`api/charts/${encodeURIComponent(name)}`)
        .then(
          (chart) => setView((known) => ({ ...known, charts: new Map(known.charts).set(name, chart) })),
          setError,
        );
    };
    const onMessage = (message: LiveMessage): void => {
      if (message.type === 'hello') {
        if (server !== null && server !== message.server) timeline = new Timeline();
        server = message.server;
      }
      if (message.type === 'entries') timeline.add(message.entries);
      if (message.type === 'actors') {
        const { actors } = message;
        for (const { chart } of actors) if (chart !== null) fetchChart(chart);
        setView((known) => ({ ...known, actors }));
      }
      tell();
    };
    return source.follow(null, { onMessage, onConnection });
  }, [source]);
  return { view, error };
}
