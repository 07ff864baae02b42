import { MoultError } from '../../errors/moult-error.js';

interface Standing {
  taskId: string;
  state: string;
  interrupted?: boolean;
}

/** What a person can do with an improvement where it stands. */
export function nextStep({ taskId, state, interrupted = false }: Standing): string {
  if (interrupted) return 'Its process is gone. `moult recover` takes it back, or finishes it.';
  switch (state) {
    case 'planning.awaiting_approval':
      return new MoultError('APPROVAL_REQUIRED', { taskId }).remedy;
    case 'planning.ready':
      return `\`moult execute ${taskId}\` carries it out, \`moult cancel ${taskId}\` drops it.`;
    case 'awaiting_confirmation':
      return `Restart your program. When the new version is good: \`moult confirm ${taskId}\`; to take it back: \`moult rollback ${taskId}\`.`;
    case 'rollback_failed':
      return new MoultError('ROLLBACK_FAILED', { taskId, paths: [] }).remedy;
    case 'completed':
      return `\`moult rollback ${taskId}\` takes it back.`;
    case 'rolled_back':
    case 'cancelled':
      return `Nothing is left to do; \`moult show ${taskId}\` tells what was planned.`;
    default:
      return `It is under way; \`moult cancel ${taskId}\` stops it and takes it back.`;
  }
}
