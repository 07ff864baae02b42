import { describe, expect, it } from 'vitest';
import type { Listener, Source } from '../../../../../src/inspector/page/source/source.js';
import { TaskFeed, type TaskView } from '../../../../../src/inspector/page/source/task-feed.js';
import type { Improvement } from '../../../../../src/inspector/protocol/improvement.js';
import type { TimelineEntry } from '../../../../../src/inspector/protocol/timeline.js';

const entry = (key: string): TimelineEntry => ({ key, at: '', kind: 'full' });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A server whose answers can be held back. */
function scripted() {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  let listener: Listener | undefined;
  let state = 'planning';
  const source: Source = {
    get: async <Answer>(address: string) => {
      asked.push(address);
      if (address.includes('/charts/')) return { id: 'improvement' } as Answer;
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { state, files: [], charts: ['improvement'] } as unknown as Improvement as Answer;
    },
    post: () => Promise.reject(new Error('nothing is posted')),
    follow: (_task, theListener) => {
      listener = theListener;
      return () => undefined;
    },
  };
  const views: TaskView[] = [];
  const feed = new TaskFeed({
    source,
    taskId: 'si-1',
    onChange: (view) => views.push(view),
    onConnection: () => undefined,
    onFailure: (error) => {
      throw error;
    },
    schedule: (tell) => setTimeout(tell, 0),
  });
  feed.start();
  return {
    asked,
    views,
    send: listener!.onMessage,
    answer: async (next: string) => {
      state = next;
      waiting.shift()?.();
      await settled();
    },
    requests: () => asked.filter((address) => address === 'api/improvements/si-1').length,
  };
}
const changed = { type: 'improvement', taskId: 'si-1', entry: {} as never } as const;

describe('following an improvement', () => {
  it('asks once more, and only once, for what changed while it was asking', async () => {
    const { send, answer, requests, views } = scripted();
    send(changed);
    send(changed);
    expect(requests()).toBe(1);
    await answer('testing');
    expect(requests()).toBe(2);
    await answer('completed');
    expect(requests()).toBe(2);
    expect(views.at(-1)?.improvement.state).toBe('completed');
  });

  it('tells once of what came together', async () => {
    const { send, answer, views } = scripted();
    await answer('planning');
    const before = views.length;
    for (const key of ['a', 'b', 'c']) {
      send({ type: 'entries', taskId: 'si-1', entries: [entry(key)], cursor: key });
    }
    await settled();
    expect(views.length).toBe(before + 1);
    expect(views.at(-1)?.timeline.entries.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  it('begins anew with another server, and goes on with the same', async () => {
    const { send, answer, views, requests } = scripted();
    await answer('planning');
    send({ type: 'hello', protocol: 1, server: 'one' });
    send({ type: 'entries', taskId: 'si-1', entries: [entry('a')], cursor: '1' });
    send({ type: 'hello', protocol: 1, server: 'one' });
    send({ type: 'entries', taskId: 'si-1', entries: [entry('b')], cursor: '2' });
    await settled();
    expect(views.at(-1)?.timeline.entries).toHaveLength(2);
    send({ type: 'hello', protocol: 1, server: 'two' });
    send({ type: 'entries', taskId: 'si-1', entries: [entry('c')], cursor: '1' });
    await answer('planning');
    expect(views.at(-1)?.timeline.entries.map(({ key }) => key)).toEqual(['c']);
    expect(requests()).toBe(2);
  });

  it('does not mix in another improvement', async () => {
    const { send, answer, views } = scripted();
    await answer('planning');
    send({ type: 'entries', taskId: 'si-2', entries: [entry('x')], cursor: '1' });
    await settled();
    expect(views.at(-1)?.timeline.entries).toEqual([]);
  });
});
