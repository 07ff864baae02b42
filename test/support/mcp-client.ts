import {
  Client,
  StreamableHTTPClientTransport,
  type ClientOptions,
  type Transport,
} from '@modelcontextprotocol/client';
import type { Answer } from '../../src/mcp/answer.js';

/** The revisions of the protocol a client may speak: the newest, and the one that most clients have. */
export const eras = ['2026-07-28', '2025-11-25'] as const;
export type Era = (typeof eras)[number];

export interface ToolAnswer {
  text: string;
  isError: boolean;
  answer: Answer;
  /** The resources it links to. */
  links: string[];
  meta: Record<string, unknown>;
}

/** The official client, with what the tests ask it. */
export class McpTestClient {
  private constructor(readonly client: Client) {}

  static async connect(transport: Transport, era: Era, options: ClientOptions = {}): Promise<McpTestClient> {
    const mode = era === '2026-07-28' ? { pin: era } : ('legacy' as const);
    const info = { name: 'test-client', version: '1.0.0' };
    const client = new Client(info, { ...options, versionNegotiation: { mode } });
    await client.connect(transport);
    return new McpTestClient(client);
  }

  static overHttp(
    { url, token }: { url: string; token: string },
    era: Era,
    options?: ClientOptions,
  ): Promise<McpTestClient> {
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    return McpTestClient.connect(
      new StreamableHTTPClientTransport(new URL(url), { requestInit }),
      era,
      options,
    );
  }

  async call(
    input: Record<string, unknown>,
    options: {
      meta?: Record<string, unknown>;
      onprogress?: (message: string) => void;
      signal?: AbortSignal;
    } = {},
  ): Promise<ToolAnswer> {
    const { meta, onprogress, signal } = options;
    const result = await this.client.callTool(
      { name: 'self_improve', arguments: input, ...(meta ? { _meta: meta } : {}) },
      {
        ...(onprogress ? { onprogress: ({ message = '' }) => onprogress(message) } : {}),
        ...(signal ? { signal } : {}),
      },
    );
    return {
      text: result.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n'),
      links: result.content.flatMap((block) => (block.type === 'resource_link' ? [block.uri] : [])),
      isError: result.isError === true,
      answer: result.structuredContent as Answer,
      meta: result._meta ?? {},
    };
  }

  /** The text of a resource. */
  async read(uri: string): Promise<string> {
    const { contents } = await this.client.readResource({ uri });
    const [first] = contents;
    return first && 'text' in first ? first.text : '';
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
