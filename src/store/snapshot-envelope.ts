import { z } from 'zod';
import { MoultError } from '../errors/moult-error.js';
import { decodeChecked, encodeChecked } from './checked-file.js';

/** Raise it when the envelope changes; the machine has a version of its own. */
const envelopeFormat = 1;

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

/** @throws STATE_UNREADABLE for a damaged file, STATE_TOO_NEW for another format or machine version. */
export function decodeEnvelope(
  bytes: Buffer,
  expected: { file: string; taskId: string; machineVersion: number },
): SnapshotEnvelope {
  const { file } = expected;
  const value = decodeChecked(bytes, file) as { format?: unknown; machineVersion?: unknown } | null;
  refuseOtherVersion(file, 'envelope', value?.format, envelopeFormat);
  refuseOtherVersion(file, 'machine', value?.machineVersion, expected.machineVersion);
  const envelope = envelopeSchema.safeParse(value);
  const reason = envelope.success ? `it belongs to ${envelope.data.taskId}` : z.prettifyError(envelope.error);
  if (envelope.data?.taskId !== expected.taskId)
    throw new MoultError('STATE_UNREADABLE', { file, reason, saved: null });
  return envelope.data;
}

function refuseOtherVersion(file: string, what: string, found: unknown, supported: number): void {
  if (found !== supported) {
    throw new MoultError('STATE_TOO_NEW', {
      file,
      found: `${what} ${String(found)}`,
      supported: `${what} ${supported}`,
    });
  }
}
