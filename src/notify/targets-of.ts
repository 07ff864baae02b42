import type { NotifyConfig } from '../config/notify-schema.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { Environment } from '../secrets/secret-values.js';
import type { Channel } from './channel.js';
import type { Urgency } from './notifier.js';
import { readSecret, readSecretUrl } from './read-secret.js';
import { SlackBot } from './slack/slack-bot.js';
import { SlackHook } from './slack/slack-hook.js';
import { Webhook } from './webhook/webhook.js';

/** Somebody to be told by the network. */
export interface Target {
  /** Also the name of the folder of what waits for it. */
  name: 'slack' | 'slack-hook' | 'webhook';
  /** As messages call it. */
  title: string;
  minUrgency: Urgency;
  /** @throws NOTICE_PACKAGE_MISSING, NOTICE_SECRET_MISSING */
  open: () => Promise<Channel>;
}

interface Surroundings {
  environment: Environment;
  clock: Clock;
  logger: Logger;
}

/** What the configuration names. */
export function targetsOf(
  { slack, webhook }: NotifyConfig,
  { environment, clock, logger }: Surroundings,
): Target[] {
  const targets: Target[] = [];
  if (slack?.channel !== undefined) {
    const config = { ...slack, channel: slack.channel };
    const token = () => readSecret(environment, slack.tokenEnv, 'notify.slack.tokenEnv');
    targets.push({
      ...{ name: 'slack', title: 'Slack', minUrgency: slack.minUrgency },

      open: async () => SlackBot.open({ config, token: token(), clock, logger }),
    });
  }
  if (slack?.webhookUrlEnv !== undefined) {
    const variable = slack.webhookUrlEnv;
    const url = () => readSecretUrl(environment, variable, 'notify.slack.webhookUrlEnv');
    targets.push({
      ...{ name: 'slack-hook', title: 'Slack', minUrgency: slack.minUrgency },

      open: async () => SlackHook.open({ config: slack, url: url(), clock }),
    });
  }
  if (webhook) {
    targets.push({
      ...{ name: 'webhook', title: 'the webhook', minUrgency: webhook.minUrgency },
      // eslint-disable-next-line @typescript-eslint/require-await -- async, so that an exception becomes a rejection
      open: async () => {
        const { url, urlEnv = '' } = webhook;
        const secret = readSecret(environment, webhook.secretEnv, 'notify.webhook.secretEnv');
        const address = url ?? readSecretUrl(environment, urlEnv, 'notify.webhook.urlEnv');
        return new Webhook({ config: webhook, url: address, secret, clock });
      },
    });
  }
  return targets;
}
