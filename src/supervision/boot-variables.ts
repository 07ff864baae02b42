import type { Boot } from '../restart/restart-schemas.js';

/** The environment variables that tell a program why it is started. A plain start has only the first. */
export function bootVariables(boot: Boot): Record<string, string | undefined> {
  return {
    MOULT_START: boot.kind,
    MOULT_RESTART_ID: boot.restartId ?? undefined,
    MOULT_RESTART_TASK: boot.taskId ?? undefined,
    MOULT_RESTART_REASON: boot.reason ?? undefined,
    MOULT_RESTART_WHY: boot.why ?? undefined,
    MOULT_RESTART_ATTEMPT: boot.attempt === 0 ? undefined : String(boot.attempt),
  };
}
