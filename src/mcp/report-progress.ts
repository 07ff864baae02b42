import type { ServerContext } from '@modelcontextprotocol/server';
import type { ImprovementDetails } from '../service/describe-task.js';
import { activityInWords } from '../wording/state-in-words.js';
import type { SelfImprove } from './self-improve.js';

/** Tells a client that asked for it what is being done, each time that changes. */
export function reportProgress(
  selfImprove: SelfImprove,
  { mcpReq }: ServerContext,
): (details: ImprovementDetails) => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let [progress, told] = [0, ''];
  return (details) => {
    const message = selfImprove.activityOf(details.taskId) ?? activityInWords(details.state);
    if (message === told) return;
    told = message;
    progress += 1;
    const params = { progressToken, progress, message };
    // Who has hung up meanwhile needs no progress.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}
