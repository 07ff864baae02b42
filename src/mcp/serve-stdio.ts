import { StdioServerTransport, serveStdio as serve } from '@modelcontextprotocol/server/stdio';
import type { Readable, Writable } from 'node:stream';
import { createMcpServer } from './create-mcp-server.js';
import type { SelfImprove } from './self-improve.js';

/** Room for a plan with large files. */
const maxBufferSize = 64 * 1024 * 1024;

export interface StdioServing {
  /** Resolves when the client has closed its end. What is under way goes on. */
  closed: Promise<void>;
  close(): Promise<void>;
}

/** Serves one client over two streams, whichever revision of the protocol it speaks. */
export function serveStdio(
  selfImprove: SelfImprove,
  { input, output }: { input: Readable; output: Writable },
): StdioServing {
  const closed = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) input.once(event, () => resolve());
    // Who reads no more will write no more.
    output.once('error', () => resolve());
  });
  const handle = serve(() => createMcpServer(selfImprove), {
    transport: new StdioServerTransport(input, output, { maxBufferSize }),
    onerror: (error) => selfImprove.host.logger.warn(`[moult] ${error.message}`),
  });
  return { closed, close: () => handle.close() };
}
