import type { ActionAnswer, LiveMessage } from '../../protocol/live.js';
import type { Refusal } from '../../protocol/session.js';
import { RefusedError } from './refused-error.js';
import type { Listener, Source } from './source.js';

const messageTypes: LiveMessage['type'][] = [
  'hello',
  'entries',
  'improvement',
  'log',
  'history',
  'actors',
  'end',
];
const retryMs = 2_000;

/** Asks the server that this page came from. */
export const serverSource: Source = {
  get: <Answer>(address: string) => request<Answer>(address),

  post: (address, body) =>
    request<ActionAnswer>(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),

  follow(task, listener) {
    const address = task === null ? 'api/events' : `api/events?task=${encodeURIComponent(task)}`;
    let stopped = false;
    let stream: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      listener.onConnection('connecting');
      stream = new EventSource(address);
      listen(stream, listener, () => {
        stopped = true;
      });
      stream.addEventListener('error', () => {
        if (stopped) return;
        listener.onConnection('connecting');
        // A browser gives up where it is answered with an error; it goes on by itself where the connection broke.
        if (stream?.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMs);
      });
    };
    open();
    return () => {
      stopped = true;
      clearTimeout(retry);
      stream?.close();
    };
  },
};

function listen(stream: EventSource, { onMessage, onConnection }: Listener, onEnd: () => void): void {
  stream.addEventListener('open', () => onConnection('live'));
  for (const type of messageTypes) {
    stream.addEventListener(type, (event) => {
      const message = JSON.parse((event as MessageEvent<string>).data) as LiveMessage;
      if (message.type === 'end') {
        onEnd();
        stream.close();
        onConnection('ended');
      }
      onMessage(message);
    });
  }
}

async function request<Answer>(address: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(address, { ...init, credentials: 'omit', redirect: 'error' }).catch(
    (cause: unknown) => {
      throw new RefusedError(
        {
          code: 'SERVER_GONE',
          message: 'The inspector does not answer.',
          remedy: 'Start `moult inspect` again and open the address it prints.',
        },
        { cause },
      );
    },
  );
  if (!response.ok) throw new RefusedError(await refusalOf(response));
  return (await response.json()) as Answer;
}

async function refusalOf(response: Response): Promise<Refusal['error']> {
  const unknown = {
    code: `HTTP_${response.status}`,
    message: `The inspector answered with ${response.status} ${response.statusText}.`,
    remedy: 'Look at what `moult inspect` printed.',
  };
  if (!response.headers.get('content-type')?.startsWith('application/json')) return unknown;
  return ((await response.json()) as Partial<Refusal>).error ?? unknown;
}
