import { z } from 'zod';
import type { Urgency } from '../notify/notifier.js';
import { isSafeUrl } from './is-safe-url.js';

/** Who hears of the steps of an improvement, and how. Secrets are not in it, only the variables that hold them. */
export interface NotifyConfig {
  /** Writes each step to the logger. Default false. */
  console: boolean;
  slack?: SlackConfig;
  webhook?: WebhookConfig;
  /** Hands spans to the OpenTelemetry SDK of the host. Default false. */
  openTelemetry: boolean;
}

/** With a `channel` a bot posts, and keeps one message up to date; with `webhookUrlEnv` every step is a message. */
export interface SlackConfig extends Reaching {
  /** The id of a channel, as C0123456789. */
  channel?: string;
  /** The variable that holds the bot's token. Default `SLACK_BOT_TOKEN`. */
  tokenEnv: string;
  /** The variable that holds the URL of an incoming webhook. */
  webhookUrlEnv?: string;
  /** Shows buttons on plans that wait for approval; see `slackInteractions`. Default false. */
  buttons: boolean;
  /** Default `https://slack.com/api/`. */
  apiUrl: string;
}

/** Every step as a signed HTTP request. One of `url` and `urlEnv`. */
export interface WebhookConfig extends Reaching {
  url?: string;
  /** The variable that holds the URL, where it is a secret itself. */
  urlEnv?: string;
  /** The variable that holds the secret the requests are signed with. Default `MOULT_WEBHOOK_SECRET`. */
  secretEnv: string;
}

interface Reaching {
  /** Steps below it are not told. Default `low`: all of them. */
  minUrgency: Urgency;
  /** How long an answer is waited for. Default 10,000. */
  timeoutMs: number;
}

const variable = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'must be the name of an environment variable; the secret itself does not belong in a file',
  );

const safeUrl = z.string().refine(isSafeUrl, 'must be an https: URL, or an http: one of this machine');

const reaching = {
  minUrgency: z.enum(['low', 'normal', 'high', 'critical']).default('low'),
  timeoutMs: z
    .number()
    .refine(
      (value) => Number.isInteger(value) && value >= 1 && value <= 60_000,
      'must be a whole number of milliseconds from 1 to 60,000',
    )
    .default(10_000),
};

const slackSchema = z
  .strictObject({
    channel: z
      .string()
      .regex(
        /^[CDG][A-Z0-9]{2,}$/,
        "must be the id of a channel, as C0123456789; the channel's details show it",
      )
      .optional(),
    tokenEnv: variable.default('SLACK_BOT_TOKEN'),
    webhookUrlEnv: variable.optional(),
    buttons: z.boolean().default(false),
    apiUrl: safeUrl.default('https://slack.com/api/'),
    ...reaching,
  })
  .refine(({ channel, webhookUrlEnv }) => (channel === undefined) !== (webhookUrlEnv === undefined), {
    message: 'needs either `channel`, for a bot, or `webhookUrlEnv`, for an incoming webhook',
  });

const webhookSchema = z
  .strictObject({
    url: safeUrl.optional(),
    urlEnv: variable.optional(),
    secretEnv: variable.default('MOULT_WEBHOOK_SECRET'),
    ...reaching,
  })
  .refine(({ url, urlEnv }) => (url === undefined) !== (urlEnv === undefined), {
    message: 'needs either `url` or `urlEnv`',
  });

export const notifySchema = z.strictObject({
  console: z.boolean().default(false),
  slack: slackSchema.optional(),
  webhook: webhookSchema.optional(),
  openTelemetry: z.boolean().default(false),
});
