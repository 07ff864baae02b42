import { entry } from './entry.js';

/** What can be wrong with telling people. */
export const noticeErrors = {
  NOTICES_OFF: entry<Record<string, never>>(
    () => 'No way to tell people is configured.',
    'Set `notify` in the configuration: `slack`, `webhook`, `openTelemetry` or `console`; docs/notices.md shows how.',
  ),
  NOTICE_PACKAGE_MISSING: entry<{ packageName: string; key: string }>(
    ({ packageName, key }) =>
      `${key} of the configuration needs the package ${packageName}, which is not installed.`,
    ({ packageName }) => `Install it beside moult: \`npm install ${packageName}\`.`,
  ),
  NOTICE_SECRET_MISSING: entry<{ variable: string; key: string; reason: string }>(
    ({ variable, key, reason }) =>
      `The variable ${variable}, which ${key} of the configuration names, ${reason}.`,
    ({ variable }) =>
      `Set the environment variable ${variable}; in the library, hand it in by the \`environment\` option.`,
  ),
  NOTICE_NOT_DELIVERED: entry<{
    target: string;
    reason: string;
    /** `unknown`: it may have arrived all the same. */
    outcome: 'refused' | 'unknown';
    /** Whether, and when, the same may work. */
    retry: 'soon' | 'once-mended' | 'never';
    /** How long the other side asks to be left alone. */
    retryAfterMs?: number;
  }>(
    ({ target, reason }) => `A notice could not be delivered to ${target}: ${reason}`,
    ({ retry }) =>
      retry === 'soon'
        ? 'It is tried again by itself; `moult notify test` shows whether the way is open again.'
        : 'Mend the cause, then see with `moult notify test` whether it works.',
  ),
  INTERACTION_REFUSED: entry<{ reason: string }>(
    ({ reason }) => `The request did not come from Slack: ${reason}`,
    'Give `slackInteractions` the signing secret of the Slack app, and the body as it came.',
  ),
} as const;
