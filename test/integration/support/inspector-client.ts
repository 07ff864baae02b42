import * as http from 'node:http';
import type { LiveMessage } from '../../../src/inspector/protocol/live.js';
import type { Inspector } from '../../../src/inspector/server/start-server.js';

export interface Answer<Body = unknown> {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  json: Body;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Asks as a program can that is no browser: any path, any header. `path` is relative to the page, or absolute. */
export function ask<Body = unknown>(
  { url }: Pick<Inspector, 'url'>,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Answer<Body>> {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request(
      { hostname, port, method, headers, path: path.startsWith('/') ? path : `${pathname}${path}` },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = response.headers['content-type']?.startsWith('application/json');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: (isJson ? JSON.parse(text) : null) as Body,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Does something, as the page does. */
export function act(inspector: Inspector, path: string, body: unknown, headers: Record<string, string> = {}) {
  return ask<{ done?: true; message?: string; state?: string; error?: { code: string } }>(inspector, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** A client of server-sent events that keeps what it gets, and the id a browser would send when it reconnects. */
export class LiveClient {
  readonly messages: LiveMessage[] = [];
  lastId: string | null = null;
  private request: http.ClientRequest | null = null;
  private rest = '';

  constructor(
    private readonly inspector: Inspector,
    private readonly path: string,
  ) {}

  connect(): void {
    const { hostname, port, pathname } = new URL(this.inspector.url);
    const headers = this.lastId === null ? {} : { 'last-event-id': this.lastId };
    this.request = http.get({ hostname, port, path: `${pathname}${this.path}`, headers }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (text: string) => this.take(text));
      response.on('error', () => undefined);
    });
    this.request.on('error', () => undefined);
  }

  cut(): void {
    this.request?.destroy();
    this.rest = '';
  }

  of<Type extends LiveMessage['type']>(type: Type): Extract<LiveMessage, { type: Type }>[] {
    return this.messages.filter(
      (message): message is Extract<LiveMessage, { type: Type }> => message.type === type,
    );
  }

  entries() {
    return this.of('entries').flatMap(({ entries }) => entries);
  }

  states(): string[] {
    return this.entries().flatMap((entry) => (entry.kind === 'state' ? [entry.state] : []));
  }

  /** Resolves when it holds. */
  async until(holds: () => boolean, what: string, withinMs = 20_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!holds()) {
      if (Date.now() > deadline)
        throw new Error(
          `${what} did not come; there were ${JSON.stringify(this.messages.map(({ type }) => type))}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private take(text: string): void {
    this.rest += text;
    const events = this.rest.split('\n\n');
    this.rest = events.pop()!;
    for (const event of events) {
      const id = /^id: (.*)$/m.exec(event)?.[1];
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (id !== undefined) this.lastId = id;
      if (data !== undefined) this.messages.push(JSON.parse(data) as LiveMessage);
    }
  }
}
