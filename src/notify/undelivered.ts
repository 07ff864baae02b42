import type { ErrorDetails } from '../errors/error-table.js';
import { MoultError } from '../errors/moult-error.js';

export type Undelivered = ErrorDetails<'NOTICE_NOT_DELIVERED'>;

/** What a channel throws. */
export function undelivered(details: Undelivered, cause?: unknown): MoultError<'NOTICE_NOT_DELIVERED'> {
  return new MoultError('NOTICE_NOT_DELIVERED', details, { cause });
}

/** What is known of a delivery that failed; of an error nobody expected, nothing is. */
export function whyUndelivered(error: unknown, target: string): Undelivered {
  if (error instanceof MoultError) {
    const { code, message, details } = error as MoultError;
    if (code === 'NOTICE_NOT_DELIVERED') return details;
    if (code === 'NOTICE_PACKAGE_MISSING' || code === 'NOTICE_SECRET_MISSING')
      return { target, reason: message, outcome: 'refused', retry: 'once-mended' };
  }
  return { target, reason: String(error), outcome: 'unknown', retry: 'soon' };
}

/** Reasons of the system for which a request never left, or never arrived. */
const neverArrived = [
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'],
  ...[
    'UND_ERR_CONNECT_TIMEOUT',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
];

/** What is known of a request that got no answer, as `fetch` tells it. */
export function withoutAnswer(error: Error, target: string): Undelivered {
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  // Several addresses were tried: an AggregateError.
  const causes = (cause as AggregateError | undefined)?.errors ?? (cause ? [cause] : []);
  const codes = causes.map(({ code }: NodeJS.ErrnoException) => code ?? '');
  const isRefused = codes.length > 0 && codes.every((code) => neverArrived.includes(code));
  const reason =
    error.name === 'TimeoutError' ? 'no answer in time' : [error.message, ...codes].join(' ').trim();
  return { target, reason, outcome: isRefused ? 'refused' : 'unknown', retry: 'soon' };
}
