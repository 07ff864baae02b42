import { z } from 'zod';
import { MoultError } from '../errors/moult-error.js';
import { decodeChecked, encodeChecked } from './checked-file.js';
import { upgradeState, type UpgradeSteps } from './upgrade-state.js';

/** Raise it when the envelope changes, and add a step; the machine has a version of its own. */
const envelopeFormat = 1;
const envelopeSteps: UpgradeSteps = {};

type StateValue = string | { [parent: string]: StateValue };
const stateValueSchema: z.ZodType<StateValue> = z.lazy(() =>
  z.union([z.string(), z.record(z.string(), stateValueSchema)]),
);

const envelopeSchema = z.strictObject({
  format: z.literal(envelopeFormat),
  machine: z.literal('improvement'),
  machineVersion: z.number().int().positive(),
  taskId: z.string(),
  /** Counts the snapshots of this task. */
  revision: z.number().int().positive(),
  /** ISO 8601. */
  savedAt: z.string(),
  /** What XState's getPersistedSnapshot() gave. */
  snapshot: z.looseObject({ status: z.string(), value: stateValueSchema, context: z.looseObject({}) }),
});
export type SnapshotEnvelope = z.infer<typeof envelopeSchema>;

/** The envelope as the bytes of a file. */
export function encodeEnvelope(envelope: Omit<SnapshotEnvelope, 'format'>): Buffer {
  return encodeChecked({ format: envelopeFormat, ...envelope });
}

/** The machine whose snapshots these are: its version, and the steps from older ones, for the member `snapshot`. */
export interface MachineVersion {
  version: number;
  steps: UpgradeSteps;
}

/**
 * Reads an envelope, and brings one of an older version to the present form.
 *
 * @throws STATE_UNREADABLE for a damaged file, STATE_TOO_NEW for an unknown format or machine version.
 */
export function decodeEnvelope(
  bytes: Buffer,
  { file, taskId, machine }: { file: string; taskId: string; machine: MachineVersion },
): SnapshotEnvelope {
  const stored = decodeChecked(bytes, file);
  if (!isObject(stored)) throw unreadable(file, 'it is no envelope');
  const envelope = envelopeSchema.safeParse(upgradeMachine(upgradeEnvelope(stored, file), machine, file));
  const reason = envelope.success ? `it belongs to ${envelope.data.taskId}` : z.prettifyError(envelope.error);
  if (envelope.data?.taskId !== taskId) throw unreadable(file, reason);
  return envelope.data;
}

function upgradeEnvelope(value: Record<string, unknown>, file: string): Record<string, unknown> {
  const version = { found: value.format, current: envelopeFormat, steps: envelopeSteps };
  return { ...upgradeState({ value, ...version, file, what: 'envelope' }), format: envelopeFormat };
}

function upgradeMachine(
  envelope: Record<string, unknown>,
  { version: current, steps }: MachineVersion,
  file: string,
): Record<string, unknown> {
  const { machineVersion: found, snapshot } = envelope;
  const value = isObject(snapshot) ? snapshot : {};
  const upgraded = upgradeState({ value, found, current, steps, file, what: 'machine' });
  return { ...envelope, machineVersion: current, snapshot: upgraded };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(file: string, reason: string): MoultError {
  return new MoultError('STATE_UNREADABLE', { file, reason, saved: null });
}
