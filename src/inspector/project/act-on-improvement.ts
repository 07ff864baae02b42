import { z } from 'zod';
import { MoultError } from '../../errors/moult-error.js';
import type { SelfImprovementService } from '../../self-improvement-service.js';
import type { ActionAnswer } from '../protocol/live.js';
import type { Json } from '../protocol/session.js';

const requestSchema = z.strictObject({
  digest: z.string().max(200).optional(),
  why: z.string().max(10_000).optional(),
  force: z.boolean().optional(),
});

interface Act {
  taskId: string;
  action: string;
  body: Json;
  by: string;
}

/**
 * Does what a person chose on the page.
 *
 * @throws INSPECTOR_REQUEST_INVALID, INSPECTOR_UNKNOWN for another action, and what the service throws.
 */
export async function actOnImprovement(
  service: SelfImprovementService,
  { taskId, action, body, by }: Act,
): Promise<ActionAnswer> {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success)
    throw new MoultError('INSPECTOR_REQUEST_INVALID', { reason: z.prettifyError(parsed.error) });
  const { digest, why, force } = parsed.data;
  const decision = { by, ...(why === undefined || why === '' ? {} : { why }) };
  const message = await carryOut();
  const { state } = await service.describeImprovement(taskId);
  return { done: true, message, state };

  async function carryOut(): Promise<string> {
    switch (action) {
      case 'approve':
        // Whoever approves has to say what was looked at.
        if (digest === undefined)
          throw new MoultError('INSPECTOR_REQUEST_INVALID', {
            reason: 'an approval needs the digest of the plan',
          });
        await service.approveImprovement(taskId, { ...decision, planDigest: digest });
        return 'Approved. It can be executed now.';
      case 'reject':
        await service.rejectImprovement(taskId, decision);
        return 'Rejected.';
      case 'cancel':
        await service.cancelImprovement(taskId);
        return 'Cancelled; every file is as it was.';
      case 'confirm':
        await service.confirmImprovement(taskId, decision);
        return 'Confirmed.';
      case 'rollback':
        return rolledBack(await service.rollbackImprovement(taskId, { force }));
      default:
        throw new MoultError('INSPECTOR_UNKNOWN', { what: `action ${JSON.stringify(action)}` });
    }
  }
}

function rolledBack({ status, error }: { status: string; error?: string }): string {
  if (status === 'rolled_back') return 'Rolled back; every file is as it was.';
  return `It was not rolled back whole: ${error ?? status}`;
}
