/**
 * How a persisted snapshot of an older version of the improvement machine becomes one of the next: the key is the version
 * that a step leads away from. Raise `improvementMachineVersion` whenever a state, or an invoked actor, gets another name or
 * goes, and add a step that says where a snapshot that stood there shall stand; a snapshot with an unknown state or actor
 * would stop the machine without a sign. A new field of the context needs no version, only code that does without it.
 *
 * A step gets what XState's `getPersistedSnapshot()` gave: `value`, `context`, and `children` with the actors in flight.
 */
export const improvementUpgrades: Readonly<
  Record<number, (snapshot: Record<string, unknown>) => Record<string, unknown>>
> = {};
