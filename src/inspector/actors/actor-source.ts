import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { AnyActorRef } from 'xstate';
import { MoultError } from '../../errors/moult-error.js';
import type { SecretMasker } from '../../secrets/secret-masker.js';
import { ChartCache } from '../chart/chart-cache.js';
import type { Chart } from '../protocol/chart.js';
import type { ActionAnswer } from '../protocol/live.js';
import type { Json, Session } from '../protocol/session.js';
import type { TimelineEntry, TimelinePage } from '../protocol/timeline.js';
import type { Send, Source } from '../source.js';
import { ActorRecorder } from './actor-recorder.js';

/** What happens in one go is told in one go, and what happens without end does not drown the page. */
const pauseMs = 50;
const pageEntries = 2_000;

const eventSchema = z.looseObject({ type: z.string().min(1).max(1_000) });

/** An actor of the user and the actors below it. */
export class ActorSource implements Source {
  readonly session: Pick<Session, 'mode' | 'title' | 'task'>;
  private readonly charts = new ChartCache();
  private readonly recorder: ActorRecorder;

  constructor(
    root: AnyActorRef,
    private readonly masker: SecretMasker,
  ) {
    this.recorder = new ActorRecorder(root, this.charts);
    this.session = { mode: 'actors', title: root.id, task: null };
  }

  end(): void {
    this.recorder.end();
  }

  chart(id: string): Promise<Chart> {
    return this.charts.chart(id);
  }

  answer(address: readonly string[], query: URLSearchParams): Promise<unknown> {
    const asked = address.join('/');
    if (asked === 'actors') return Promise.resolve(this.masker.maskJsonValues(this.recorder.infos()));
    if (asked === 'actors/timeline') return Promise.resolve(this.page(query.get('after')));
    throw new MoultError('INSPECTOR_UNKNOWN', { what: JSON.stringify(asked) });
  }

  act([root, id, part, ...rest]: readonly string[], body: Json): Promise<ActionAnswer> {
    const actor =
      root === 'actors' && part === 'events' && rest.length === 0 && this.recorder.actor(id ?? '');
    if (!actor) throw new MoultError('INSPECTOR_UNKNOWN', { what: `actor ${JSON.stringify(id ?? '')}` });
    const event = eventSchema.safeParse(body);
    if (!event.success)
      throw new MoultError('INSPECTOR_REQUEST_INVALID', { reason: z.prettifyError(event.error) });
    const { type } = event.data;
    // Only XState itself may say that an actor has ended, and an event called * is none.
    if (type.startsWith('xstate.') || type === '*')
      throw new MoultError('INSPECTOR_REQUEST_INVALID', {
        reason: `nobody may send ${JSON.stringify(type)}`,
      });
    actor.send(event.data);
    return Promise.resolve({ done: true, message: `Sent ${type}.`, state: null });
  }

  async follow({ after }: { after: string | null }, send: Send, signal: AbortSignal): Promise<void> {
    let cursor = cursorOf(after);
    let isNew = true;
    const unlisten = this.recorder.listen(() => (isNew = true));
    try {
      while (!signal.aborted) {
        if (isNew) {
          isNew = false;
          cursor = this.tell(cursor, send);
        }
        await sleep(pauseMs, undefined, { signal }).catch((error: Error) => {
          if (error.name !== 'AbortError') throw error;
        });
      }
    } finally {
      unlisten();
    }
  }

  private tell(from: number, send: Send): number {
    const { entries, cursor } = this.recorder.after(from);
    const masked = this.masker.maskJsonValues(entries);
    send({ type: 'entries', taskId: null, entries: masked, cursor: String(cursor) }, String(cursor));
    send({ type: 'actors', actors: this.masker.maskJsonValues(this.recorder.infos()) });
    return cursor;
  }

  private page(after: string | null): TimelinePage {
    const { entries, cursor } = this.recorder.after(cursorOf(after));
    const shown: TimelineEntry[] = entries.slice(0, pageEntries);
    const left = entries.length - shown.length;
    return { entries: this.masker.maskJsonValues(shown), cursor: String(cursor - left), more: left > 0 };
  }
}

function cursorOf(text: string | null): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
