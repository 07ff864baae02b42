import type { NotifyConfig } from '../config/notify-schema.js';
import { MoultError } from '../errors/moult-error.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import { consoleNotifier } from './console-notifier.js';
import type { Notice, Notifier } from './notifier.js';
import { DeliveryNotes } from './outbox/delivery-notes.js';
import type { Target } from './targets-of.js';

/** Whether a test notice arrived. */
export interface NoticeTest {
  /** As in the configuration: `slack`, `webhook`, `openTelemetry`, `console`; `notifier` for the host's own. */
  target: string;
  delivered: boolean;
  /** Why not: an error of the table, where it is one. */
  failure?: { code: string; message: string; remedy?: string };
}

interface TestOptions {
  notify: NotifyConfig;
  targets: readonly Target[];
  notifier: Notifier | null;
  clock: Clock;
  logger: Logger;
  /** Makes a span; throws where nobody takes it. */
  traceTest: () => Promise<void>;
}

/**
 * Sends one notice to everybody who is configured, at once and without the outbox.
 *
 * @throws NOTICES_OFF where nobody is.
 */
export async function sendTestNotices(options: TestOptions): Promise<NoticeTest[]> {
  const { notify, targets, notifier, clock, logger, traceTest } = options;
  const notice = testNotice(clock.now());
  const tests: [string, () => Promise<void> | void][] = targets.map(({ name, open }) => [
    name === 'slack-hook' ? 'slack' : name,
    async () => (await open()).deliver({ notice, key: 'test', notes: DeliveryNotes.inMemory() }),
  ]);
  if (notify.openTelemetry) tests.push(['openTelemetry', traceTest]);
  if (notifier) tests.push(['notifier', () => notifier.notify(notice)]);
  else if (notify.console) tests.push(['console', () => consoleNotifier(logger).notify(notice)]);
  if (tests.length === 0) throw new MoultError('NOTICES_OFF', {});
  return Promise.all(tests.map(([target, send]) => outcome(target, send)));
}

async function outcome(target: string, send: () => Promise<void> | void): Promise<NoticeTest> {
  try {
    await send();
    return { target, delivered: true };
  } catch (error) {
    if (error instanceof MoultError) {
      const { code, message, remedy } = error as MoultError;
      return { target, delivered: false, failure: { code, message, remedy } };
    }
    return { target, delivered: false, failure: { code: 'UNEXPECTED', message: String(error) } };
  }
}

function testNotice(now: number): Notice {
  const parts = {
    emoji: 'wrench',
    description: 'A test message of moult',
    body: 'Sent by `moult notify test`. No improvement is planned.',
  };
  return {
    type: 'alert',
    milestone: 'planned',
    taskId: `si-${now}`,
    title: 'Self-Improvement Test',
    message: `:${parts.emoji}: *${parts.description}*\n\n${parts.body}`,
    urgency: 'normal',
    timestamp: new Date(now).toISOString(),
    parts,
    about: {
      planDigest: `test-${now}`,
      ...{ risk: 'low', files: [], fileCount: 0, waitsForApproval: false, checks: [], log: null },
    },
  };
}
