import { sendTestNotices, type NoticeTest } from '../notify/send-test-notices.js';
import type { Host } from './host.js';
import type { Project } from './project.js';

/** Gives the outboxes, and the SDK that has the spans, some time. What is left then is for the next process. */
export async function flushNotices({ notices, tracing, clock }: Host, timeoutMs: number): Promise<void> {
  let cancel = () => {};
  const late = new Promise<void>((resolve) => void (cancel = clock.schedule(timeoutMs, resolve)));
  await Promise.race([Promise.all([notices.flush(timeoutMs), tracing.flush()]), late]);
  cancel();
}

/** @throws NOTICES_OFF */
export function testNotices(host: Host, project: Project): Promise<NoticeTest[]> {
  const { notices, notifier, tracing, clock, logger } = host;
  return sendTestNotices({
    ...{ notifier, clock, logger, notify: project.config.notify },
    targets: notices.targets(project),
    traceTest: () => tracing.test(),
  });
}
