import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { MoultError } from '../../errors/moult-error.js';
import { withSystemErrors } from '../../errors/with-system-errors.js';
import { protocolVersion, type Refusal, type Session } from '../protocol/session.js';
import type { Source } from '../source.js';
import { admitRequest, type Gate } from './admit-request.js';
import { streamEvents } from './stream-events.js';
import { packageVersion, readPageFiles, type PageFiles } from './package-files.js';
import { pageHtml } from './page-html.js';
import { readBody } from './read-body.js';
import { refusalStatus } from './refusal-status.js';
import { securityHeaders } from './security-headers.js';

export interface ListenOptions {
  /** Default: a free one. */
  port?: number;
  /** Default 127.0.0.1: nobody but this machine. */
  host?: string;
  /** Whether people may act. Default false: they only look. */
  allowActions?: boolean;
}

/** A page that is being served. */
export interface Inspector {
  /** With the token: whoever knows it can look, and act where that is allowed. */
  url: string;
  /** Ends the server and every connection. */
  close(): Promise<void>;
}

/** Serves the page for a source. @throws INSPECTOR_NOT_STARTED, INSPECTOR_PAGE_MISSING */
export async function startServer(source: Source, options: ListenOptions = {}): Promise<Inspector> {
  const { port = 0, host = '127.0.0.1', allowActions = false } = options;
  const page = await readPageFiles();
  const ended = new AbortController();
  const server = createServer();
  await listen(server, port, host);
  const gate: Gate = {
    token: randomBytes(24).toString('base64url'),
    port: (server.address() as AddressInfo).port,
    hosts: hostsOf(host),
  };
  const handler = new RequestHandler({ source, page, gate, allowActions, signal: ended.signal });
  server.on('request', (request, response) => void handler.handle(request, response));
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shownHost}:${gate.port}/${gate.token}/`,
    close: async () => {
      ended.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // The streams say goodbye first.
      setTimeout(() => server.closeAllConnections(), 200).unref();
      await closed;
    },
  };
}

interface Serving {
  source: Source;
  page: PageFiles;
  gate: Gate;
  allowActions: boolean;
  signal: AbortSignal;
}

class RequestHandler {
  private readonly id = randomBytes(8).toString('hex');

  constructor(private readonly serving: Serving) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await withSystemErrors(() => this.answer(request, response));
    } catch (error) {
      refuse(response, error);
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { gate, page, source, signal } = this.serving;
    const { address, query } = admitRequest(request, gate);
    const isReading = request.method === 'GET';
    if (!isReading && !(request.method === 'POST' && address[0] === 'api'))
      return send(response, 405, 'text/plain', '');
    if (address.length === 0) return send(response, 308, 'text/plain', '', { location: `/${gate.token}/` });
    const [first, second] = address;
    if (first !== 'api') {
      if (address.length > 1) throw unknown(address);
      if (first === '') return send(response, 200, 'text/html', pageHtml);
      if (first === 'page.js') return send(response, 200, 'text/javascript', page.script);
      if (first === 'page.css') return send(response, 200, 'text/css', page.style);
      throw unknown(address);
    }
    const inside = address.slice(1);
    if (!isReading) return sendJson(response, 200, await this.act(inside, request));
    if (second === 'events' && inside.length === 1)
      return streamEvents(request, response, { source, server: this.id, query, signal });
    return sendJson(response, 200, await this.read(inside, query));
  }

  private async read(address: readonly string[], query: URLSearchParams): Promise<unknown> {
    const { source } = this.serving;
    const [first, id, ...rest] = address;
    if (first === 'session' && address.length === 1) return this.session();
    if (first === 'charts' && id !== undefined && rest.length === 0) return source.chart(id);
    return source.answer(address, query);
  }

  private async act(address: readonly string[], request: IncomingMessage): Promise<unknown> {
    const { allowActions, source } = this.serving;
    const body = await readBody(request);
    if (!allowActions)
      throw new MoultError('ACTIONS_OFF', { reason: 'the inspector was started without --allow-actions' });
    return source.act(address, body);
  }

  private session(): Session {
    const { source, allowActions } = this.serving;
    return {
      protocol: protocolVersion,
      ...source.session,
      version: packageVersion,
      actionsAllowed: allowActions,
      live: true,
    };
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const details = { address: `${host}:${port}`, reason: error.message };
      reject(new MoultError('INSPECTOR_NOT_STARTED', details, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

/** A name that leads here from elsewhere is none of them. */
function hostsOf(host: string): string[] {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  return ['127.0.0.1', '::1', 'localhost', host, ...(isEverywhere ? addresses : [])];
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const { code, message, remedy } =
    error instanceof MoultError
      ? (error as MoultError)
      : { code: 'UNEXPECTED', message: String(error), remedy: 'Please report it.' };
  const refusal: Refusal = { error: { code, message, remedy } };
  sendJson(response, code === 'UNEXPECTED' ? 500 : refusalStatus(code), refusal);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', JSON.stringify(value));
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': `${type}; charset=utf-8`, ...headers });
  response.end(body);
}

function unknown(address: readonly string[]): MoultError {
  return new MoultError('INSPECTOR_UNKNOWN', { what: JSON.stringify(address.join('/')) });
}
