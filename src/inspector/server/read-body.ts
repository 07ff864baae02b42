import type { IncomingMessage } from 'node:http';
import { MoultError } from '../../errors/moult-error.js';
import type { Json } from '../protocol/session.js';

const longestBytes = 256 * 1024;

/**
 * The JSON of a request. Another page of a browser cannot send this type of content without asking first.
 *
 * @throws INSPECTOR_REQUEST_INVALID
 */
export async function readBody(request: IncomingMessage): Promise<Json> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw invalid('its content type is not application/json');
  const chunks: Buffer[] = [];
  let lengthBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    lengthBytes += chunk.length;
    if (lengthBytes > longestBytes) throw invalid(`it is longer than ${longestBytes} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('it is not JSON');
    throw error;
  }
}

function invalid(reason: string): MoultError {
  return new MoultError('INSPECTOR_REQUEST_INVALID', { reason });
}
