import { existsSync } from 'node:fs';

export type Supervisor = 'systemd' | 'pm2' | 'docker' | 'npm';

/** Who starts this program again when it ends, by the marks it leaves; null for nobody that is known. */
export function detectSupervisor(
  env: NodeJS.ProcessEnv,
  exists: (file: string) => boolean = existsSync,
): Supervisor | null {
  if (env.pm_id !== undefined || env.PM2_HOME !== undefined) return 'pm2';
  if (env.INVOCATION_ID !== undefined || env.NOTIFY_SOCKET !== undefined) return 'systemd';
  if (env.npm_lifecycle_event !== undefined) return 'npm';
  return exists('/.dockerenv') || exists('/run/.containerenv') ? 'docker' : null;
}
