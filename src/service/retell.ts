import { composeNotice } from '../notify/compose-notice.js';
import { milestonesBetween } from '../notify/milestones-between.js';
import type { Host } from './host.js';
import type { TaskRecord } from './load-task.js';
import type { Project } from './project.js';

/**
 * Tells what an unfinished improvement came to last: its process may have ended after that was on disk, and before anybody
 * was told. The outbox knows what it was told before.
 */
export function retell(host: Host, project: Project, { plan, standing }: TaskRecord): void {
  for (const milestone of milestonesBetween(null, standing)) {
    const notice = composeNotice(milestone, { plan, context: standing.context }, host.clock.now());
    host.notices.tell(project, milestone, notice, Promise.resolve());
  }
}
