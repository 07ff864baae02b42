import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Send, Source } from '../source.js';
import { protocolVersion } from '../protocol/session.js';
import { securityHeaders } from './security-headers.js';

const heartbeatMs = 15_000;
const retryMs = 1_000;

interface Streaming {
  source: Source;
  /** Tells one server from another. */
  server: string;
  query: URLSearchParams;
  /** Ends the stream when the server does. */
  signal: AbortSignal;
}

/**
 * Answers with server-sent events until the client goes or the server ends. A client that was cut off says with
 * `Last-Event-ID` how far it came, and gets what it missed.
 */
export async function streamEvents(
  request: IncomingMessage,
  response: ServerResponse,
  { source, server, query, signal }: Streaming,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.on('error', () => gone.abort());
  response.writeHead(200, { ...securityHeaders, 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(`retry: ${retryMs}\n\n`);
  const send: Send = (message, cursor) => {
    const id = cursor === undefined ? '' : `id: ${cursor}\n`;
    if (!response.writableEnded)
      response.write(`${id}event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`);
  };
  const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs);
  try {
    send({ type: 'hello', protocol: protocolVersion, server });
    const task = query.get('task');
    const after = lastEventId(request) ?? query.get('after');
    await source.follow({ task, after }, send, AbortSignal.any([signal, gone.signal]));
    if (signal.aborted && !gone.signal.aborted) send({ type: 'end', reason: 'The inspector was ended.' });
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

function lastEventId({ headers }: IncomingMessage): string | null {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : null;
}
