import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { MoultError } from '../../errors/moult-error.js';

export interface Gate {
  token: string;
  port: number;
  /** Names and addresses by which the server may be spoken to. */
  hosts: readonly string[];
}

/**
 * The parts of the address behind the token, decoded.
 *
 * @throws INSPECTOR_REFUSED for another host (DNS rebinding), another origin (a page of somebody else), without the token,
 * and for a path that leads elsewhere than it says.
 */
export function admitRequest(
  request: IncomingMessage,
  gate: Gate,
): { address: string[]; query: URLSearchParams } {
  refuseOtherHost(request.headers.host, gate);
  refuseOtherOrigin(request);
  const [rawPath = '', rawQuery = ''] = (request.url ?? '').split(/\?(.*)/s);
  const [first = '', ...address] = rawPath.replace(/^\//, '').split('/').map(decoded);
  if (!isSame(first, gate.token)) throw refused('it comes without the token');
  return { address, query: new URLSearchParams(rawQuery) };
}

function refuseOtherHost(host: string | undefined, { port, hosts }: Gate): void {
  const allowed = hosts.map((name) => (isIP(name) === 6 ? `[${name}]` : name).toLowerCase());
  const isAllowed = allowed.some(
    (name) => host?.toLowerCase() === `${name}:${port}` || (port === 80 && host === name),
  );
  if (!isAllowed) throw refused('it is for another host');
}

/** A browser says where a request comes from; other programs need not. */
function refuseOtherOrigin({ headers, method }: IncomingMessage): void {
  const { origin, host } = headers;
  if (origin !== undefined && origin !== `http://${host}`) throw refused('it comes from another page');
  const site = headers['sec-fetch-site'];
  // A link in a mail or a chat may lead to the page itself.
  const isOpened =
    headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' && method === 'GET';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isOpened)
    throw refused('it comes from another page');
}

function decoded(part: string): string {
  const text = decodedOrNull(part);
  if (text === null || /[/\\\0]/.test(text) || text === '.' || text === '..')
    throw refused('its path leads elsewhere than it says');
  return text;
}

function decodedOrNull(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** In the same time, however much of it is right. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function refused(reason: string): MoultError {
  return new MoultError('INSPECTOR_REFUSED', { reason });
}
