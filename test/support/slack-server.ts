import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { slackProblem, type Block } from './slack-limits.js';

export interface SlackCall {
  method: string;
  args: Record<string, unknown>;
  /** Milliseconds since the epoch. */
  at: number;
  authorization: string | undefined;
}

export interface SlackMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  text: string;
  blocks: Block[];
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  files?: { id: string; name: string; content: string }[];
}

/**
 * What becomes of a call: nothing (it is carried out and answered); another answer without being carried out; or `lost`
 * before or after it was carried out: the connection stays open and silent.
 */
type Fate =
  | void
  | { status: number; headers?: Record<string, string>; body?: string }
  | { error: string }
  | 'lost before'
  | 'lost after';

const channel = 'C0TEST';

/**
 * Speaks Slack's Web API, and incoming webhooks at `/hook`; keeps every call, and the messages as Slack would. `/sink` takes
 * whatever comes.
 */
export class SlackServer {
  readonly calls: SlackCall[] = [];
  readonly messages: SlackMessage[] = [];
  /** Decides on each call. */
  fate: (call: SlackCall) => Fate = () => undefined;
  private readonly uploads = new Map<string, { name: string; content: string }>();
  private count = 0;

  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<SlackServer> {
    const server = createServer((request, response) => void slack.answer(request, response));
    const slack = new SlackServer(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return slack;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get config(): { channel: string; apiUrl: string } {
    return { channel, apiUrl: `${this.url}/api/` };
  }

  methods(): string[] {
    return this.calls.map(({ method }) => method);
  }

  /** The messages of the channel itself. */
  cards(): SlackMessage[] {
    return this.messages.filter(({ thread_ts: thread }) => thread === undefined);
  }

  replies(): SlackMessage[] {
    return this.messages.filter(({ thread_ts: thread, files }) => thread !== undefined && !files);
  }

  files(): { id: string; name: string; content: string }[] {
    return this.messages.flatMap(({ files = [] }) => files);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { pathname } = new URL(request.url ?? '/', this.url);
    const method = pathname.replace(/^\/(api\/)?/, '');
    const args = method.startsWith('upload/') ? { body } : argsOf(request, body);
    const call = { method, args, at: Date.now(), authorization: request.headers.authorization };
    this.calls.push(call);
    const fate = this.fate(call);
    if (fate === 'lost before') return;
    if (typeof fate === 'object') {
      const {
        status,
        headers = {},
        text,
      } = 'error' in fate
        ? { status: 200, text: JSON.stringify({ ok: false, error: fate.error }) }
        : { ...fate, text: fate.body ?? '' };
      return void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    }
    const result = this.carryOut(call);
    if (fate === 'lost after') return;
    if (typeof result === 'string') return void response.writeHead(result === 'ok' ? 200 : 400).end(result);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }

  private carryOut({ method, args, authorization }: SlackCall): object | string {
    if (method === 'hook') return this.hook(args);
    if (method === 'sink') return 'ok';
    if (method.startsWith('upload/')) return this.upload(method.slice(7), String(args.body));
    if (authorization !== 'Bearer xoxb-test-token-0000') return { ok: false, error: 'invalid_auth' };
    const handlers: Record<string, () => object> = {
      'chat.postMessage': () => this.post(args),
      'chat.update': () => this.update(args),
      'conversations.history': () => this.list(args, ({ thread_ts: thread }) => thread === undefined),
      'conversations.replies': () =>
        this.list(args, ({ ts, thread_ts: thread }) => [ts, thread].includes(args.ts as string)),
      'files.getUploadURLExternal': () => this.reserve(args),
      'files.completeUploadExternal': () => this.share(args),
    };
    return handlers[method]?.() ?? { ok: false, error: 'unknown_method' };
  }

  private post(args: Record<string, unknown>): object {
    if (args.channel !== channel) return { ok: false, error: 'channel_not_found' };
    const problem = slackProblem(args);
    if (problem !== null) return { ok: false, error: problem };
    const message = {
      ...(args as unknown as SlackMessage),
      blocks: (args.blocks ?? []) as Block[],
      ts: this.nextTs(),
    };
    this.messages.push(message);
    return { ok: true, channel, ts: message.ts };
  }

  private update(args: Record<string, unknown>): object {
    const message = this.messages.find(({ ts }) => ts === args.ts);
    if (!message) return { ok: false, error: 'message_not_found' };
    const problem = slackProblem(args);
    if (problem !== null) return { ok: false, error: problem };
    Object.assign(message, {
      text: args.text,
      blocks: args.blocks ?? [],
      metadata: args.metadata ?? message.metadata,
    });
    return { ok: true, channel, ts: message.ts };
  }

  /** Newest first, in pages of two. */
  private list(
    { cursor = '0', oldest = '0', include_all_metadata: all }: Record<string, unknown>,
    is: (message: SlackMessage) => boolean,
  ): object {
    const from = Number(cursor);
    const found = this.messages
      .filter((message) => is(message) && Number(message.ts) >= Number(oldest))
      .reverse();
    const page = found
      .slice(from, from + 2)
      .map(({ metadata, ...message }) => (all ? { ...message, metadata } : message));
    const next = found.length > from + 2 ? String(from + 2) : '';
    return { ok: true, messages: page, response_metadata: { next_cursor: next } };
  }

  private reserve({ filename }: Record<string, unknown>): object {
    const id = `F${(this.count += 1)}`;
    this.uploads.set(id, { name: String(filename), content: '' });
    return { ok: true, file_id: id, upload_url: `${this.url}/upload/${id}` };
  }

  private upload(id: string, body: string): string {
    this.uploads.get(id)!.content = body;
    return 'ok';
  }

  private share({ files, channel_id: to, thread_ts: thread }: Record<string, unknown>): object {
    const shared = (files as { id: string }[]).map(({ id }) => ({ id, ...this.uploads.get(id)! }));
    const ts = this.nextTs();
    this.messages.push({
      channel: to as string,
      ts,
      thread_ts: thread as string,
      text: '',
      blocks: [],
      files: shared,
    });
    return { ok: true, files: shared.map(({ id, name }) => ({ id, name })) };
  }

  private hook(args: Record<string, unknown>): string {
    const problem = slackProblem(args);
    if (problem !== null) return problem;
    this.messages.push({ ...(args as unknown as SlackMessage), channel, ts: this.nextTs() });
    return 'ok';
  }

  private nextTs(): string {
    return (Date.now() / 1000 + (this.count += 1) / 1e6).toFixed(6);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The official client sends forms, in which objects are JSON. */
function argsOf({ headers }: IncomingMessage, body: string): Record<string, unknown> {
  if (headers['content-type']?.startsWith('application/json'))
    return JSON.parse(body) as Record<string, unknown>;
  const parsed = (value: string) =>
    /^[[{]|^(true|false)$/.test(value) ? (JSON.parse(value) as unknown) : value;
  return Object.fromEntries([...new URLSearchParams(body)].map(([key, value]) => [key, parsed(value)]));
}
