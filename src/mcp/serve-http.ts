import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
  type AuthInfo,
} from '@modelcontextprotocol/server';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpServer } from './create-mcp-server.js';
import type { SelfImprove } from './self-improve.js';

/** Room for a plan with large files. */
const maxRequestBodySize = 64 * 1024 * 1024;
const loopback = ['localhost', '127.0.0.1', '[::1]'];
const path = '/mcp';

export interface HttpOptions {
  /** Default 127.0.0.1: nobody else on the network can reach it. */
  host?: string;
  /** Default 0: any free one. */
  port?: number;
  /** What a client must send as bearer token. Default: a new random one. */
  token?: string;
  /** Further names by which clients may call this server, as its name in the network. Default: those of `host` only. */
  allowedHosts?: readonly string[];
}

export interface HttpServing {
  url: string;
  token: string;
  close(): Promise<void>;
}

/**
 * Serves any number of clients over Streamable HTTP, whichever revision of the protocol they speak. A request needs the
 * bearer token, a Host that is this server, and, from a browser, an Origin that is this machine.
 */
export async function serveHttp(selfImprove: SelfImprove, options: HttpOptions = {}): Promise<HttpServing> {
  const { host = '127.0.0.1', port = 0, token = randomBytes(32).toString('base64url') } = options;
  const names = [...loopback, host.includes(':') ? `[${host}]` : host, ...(options.allowedHosts ?? [])];
  const onerror = (error: Error) => selfImprove.host.logger.debug(`[moult] ${error.message}`);
  const handler = createMcpHandler(() => createMcpServer(selfImprove), { maxRequestBodySize, onerror });
  const authorised = requireBearerAuth({ verifier: { verifyAccessToken: (given) => verify(given, token) } });
  const serve = toNodeHandler(
    {
      fetch: async (request, rest) => {
        const authInfo = await authorised(request);
        return authInfo instanceof Response ? authInfo : handler.fetch(request, { ...rest, authInfo });
      },
    },
    { maxRequestBodySize, onerror },
  );
  const isOurHost = hostHeaderValidation(names);
  const isOurOrigin = originValidation(names);
  const server = createServer((request, response) => {
    if (!isOurHost(request, response) || !isOurOrigin(request, response)) return;
    if (pathOf(request) === path) void serve(request, response);
    else refuse(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}${path}`,
    token,
    close: async () => {
      await handler.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The SDK wants an end of every token; ours ends with the process. */
const forAnHourMs = 3_600_000;

function verify(given: string, token: string): Promise<AuthInfo> {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(hash(given), hash(token)))
    return Promise.reject(
      new OAuthError(OAuthErrorCode.InvalidToken, 'This is not the token of this server'),
    );
  const expiresAt = Math.ceil((Date.now() + forAnHourMs) / 1000);
  return Promise.resolve({ token: given, clientId: 'bearer', scopes: [], expiresAt });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? '';
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' }).end(`Not found. The MCP endpoint is ${path}.\n`);
}
