import { describe, test } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.js';
import { Notices } from '../../src/notify/notices.js';
import { systemClock } from '../../src/ports/clock.js';
import { nodeFileSystem } from '../../src/ports/node-file-system.js';
import { createSecretMasker } from '../../src/secrets/secret-masker.js';
import { notifierContract } from '../../src/testing/index.js';
import { SlackServer } from '../support/slack-server.js';
import { tempFolder } from '../unit/testing/contracts/adapters.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { environment } from './support/slack-project.js';

/** Slack behind its outbox, as a notifier. */
async function slackSubject() {
  const { root, close } = await tempFolder();
  const slack = await SlackServer.start();
  const notices = new Notices({
    ...{ fileSystem: nodeFileSystem, clock: systemClock, logger: new CollectingLogger(), environment },
    masker: createSecretMasker(environment),
  });
  const place = { stateDirectory: root, config: parseConfig({ notify: { slack: slack.config } }, 'x') };
  return {
    notifier: {
      notify: (notice: Parameters<Notices['tell']>[2]) =>
        notices.tell(place, notice.title, notice, Promise.resolve()),
    },
    delivered: async () => {
      await notices.flush(20_000);
      return slack.replies().map(({ text, blocks }) => text + JSON.stringify(blocks));
    },
    close: async () => {
      await slack.close();
      await close();
    },
  };
}

describe('Slack behind its outbox', () => {
  for (const { name, run } of notifierContract(slackSubject)) test(name, run);
});
