import { withoutAnswer, type Undelivered } from '../undelivered.js';

const target = 'Slack';

/** What a person has to mend: the token, its rights, the channel. */
const onceMended = [
  ...['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'no_permission'],
  ...['missing_scope', 'not_allowed_token_type', 'channel_not_found', 'not_in_channel', 'is_archived'],
  ...['restricted_action', 'team_access_not_granted', 'org_login_required', 'ekm_access_denied'],
  ...['enterprise_is_restricted', 'invalid_token', 'no_service', 'no_active_hooks', 'channel_is_archived'],
];
const later = ['ratelimited', 'rate_limited', 'accesslimited', 'service_unavailable', 'team_added_to_org'];
/** Some of it may have been done, says Slack. */
const unclear = ['fatal_error', 'internal_error', 'request_timeout'];

/** What Slack's own clients throw, as far as it is used; of both packages. */
interface SlackError extends Error {
  code?: string;
  data?: { error?: string; needed?: string };
  statusCode?: number;
  body?: unknown;
  original?: Error;
  /** Seconds. */
  retryAfter?: number;
}

/** What is known of a call that failed. */
export function slackFailure(error: SlackError): Undelivered {
  const { data, statusCode, original, retryAfter } = error;
  if (retryAfter !== undefined) {
    const reason = `it asks to wait ${retryAfter} s`;
    return { target, reason, outcome: 'refused', retry: 'soon', retryAfterMs: retryAfter * 1000 };
  }
  if (original) return withoutAnswer(original, target);
  if (data?.error !== undefined) return ofCode(data.error, data.needed);
  if (statusCode !== undefined) return ofStatus(statusCode, error.body);
  return { target, reason: error.message, outcome: 'unknown', retry: 'soon' };
}

function ofCode(code: string, needed?: string): Undelivered {
  const reason = needed === undefined ? code : `${code} (${needed})`;
  if (unclear.includes(code)) return { target, reason, outcome: 'unknown', retry: 'soon' };
  if (later.includes(code)) return { target, reason, outcome: 'refused', retry: 'soon' };
  return { target, reason, outcome: 'refused', retry: onceMended.includes(code) ? 'once-mended' : 'never' };
}

/** The answer of an incoming webhook has its code as its body. */
function ofStatus(status: number, body: unknown): Undelivered {
  const code = typeof body === 'string' && /^[a-z_]{1,60}$/.test(body) ? body : null;
  const reason = `HTTP ${status}${code === null ? '' : ` ${code}`}`;
  if (status === 429) return { target, reason, outcome: 'refused', retry: 'soon' };
  // An answer was given, but nothing says how far it got before.
  if (status >= 500) return { target, reason, outcome: 'unknown', retry: 'soon' };
  if (code !== null) return { ...ofCode(code), reason };
  return { target, reason, outcome: 'refused', retry: 'once-mended' };
}
