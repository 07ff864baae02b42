import type { FailedStart } from '../../machines/restart-types.js';
import { statePath } from '../service/state-path.js';
import type { Boot } from '../restart/restart-schemas.js';
import type { RestartSite } from './restart-site.js';

/** Why the program was started this time. */
export type RestartInfo = Pick<Boot, 'kind' | 'restartId' | 'taskId' | 'reason' | 'why' | 'attempt'>;

/** Where the restart stands that was asked for last. */
export interface RestartStatus {
  /** The state of the restart machine, as `confirming.watching`; `none` before the first restart. */
  state: string;
  /** It is scheduled, and can still be cancelled. */
  isPending: boolean;
  /** It is not at its end. */
  isUnderWay: boolean;
  restartId: string | null;
  taskId: string | null;
  reason: string | null;
  /** ISO 8601; null before the first restart. */
  dueAt: string | null;
  /** Until it is due; 0 once it is, null where nothing is scheduled. */
  remainingMs: number | null;
  attempts: number;
  failedStarts: FailedStart[];
  /** ISO 8601: until when a person's word is waited for; null where it is not. */
  confirmBefore: string | null;
  /** The program must not be started until a person has seen to it. */
  isSafeMode: boolean;
}

export async function readRestartInfo({ store }: RestartSite): Promise<RestartInfo> {
  const boot = await store.readBoot();
  if (!boot) return { kind: 'plain', restartId: null, taskId: null, reason: null, why: null, attempt: 0 };
  const { kind, restartId, taskId, reason, why, attempt } = boot;
  return { kind, restartId, taskId, reason, why, attempt };
}

export async function readRestartStatus({ store, host }: RestartSite): Promise<RestartStatus> {
  const isSafeMode = (await store.readSafeMode()) !== null;
  const record = await store.readRecord();
  const request = await store.readRequest();
  const pending = request && request.restartId !== record?.restartId ? request : null;
  const state = pending ? 'scheduled' : record ? statePath(record.snapshot.value) : 'none';
  const about = pending ?? record?.snapshot.context ?? null;
  const tried = pending ? null : (record?.snapshot.context ?? null);
  const isPending = state === 'scheduled';
  const deadline = state === 'confirming.awaiting_person' ? (tried?.confirmBefore ?? null) : null;
  return {
    ...{ state, isPending, isSafeMode },
    isUnderWay: pending !== null || record?.snapshot.status === 'active',
    restartId: about?.restartId ?? null,
    taskId: about?.taskId ?? null,
    reason: about?.reason ?? null,
    dueAt: about ? new Date(about.dueAt).toISOString() : null,
    remainingMs: isPending && about ? Math.max(0, about.dueAt - host.clock.now()) : null,
    attempts: tried?.attempts ?? 0,
    failedStarts: tried?.failedStarts ?? [],
    confirmBefore: deadline === null ? null : new Date(deadline).toISOString(),
  };
}
