import { MoultError } from '../errors/moult-error.js';

/** Turns state of one version into that of the next. It may throw for what was never written by that version. */
type UpgradeStep = (older: Record<string, unknown>) => Record<string, unknown>;

/** The steps from each older version to the next: `steps[1]` leads from version 1 to 2. */
export type UpgradeSteps = Readonly<Record<number, UpgradeStep>>;

interface Upgrade {
  value: Record<string, unknown>;
  /** The version that is written in the file; it may be anything. */
  found: unknown;
  /** The present version. The steps lead from every older one to it. */
  current: number;
  steps: UpgradeSteps;
  /** For errors: the file, and what of it has this version. */
  file: string;
  what: string;
}

/**
 * Brings what an older version of moult wrote to the present form, one step after the other.
 *
 * @throws STATE_TOO_NEW for a version that is not known here; STATE_UNREADABLE where a step finds what that version never wrote.
 */
export function upgradeState({ value, found, current, steps, file, what }: Upgrade): Record<string, unknown> {
  const isKnown = typeof found === 'number' && Number.isInteger(found) && found >= 1 && found <= current;
  if (!isKnown)
    throw new MoultError('STATE_TOO_NEW', {
      file,
      found: `${what} ${String(found)}`,
      supported: `${what} ${current}`,
    });
  let upgraded = value;
  for (let version = found; version < current; version += 1) {
    const step = steps[version];
    if (step === undefined) throw new Error(`There is no step from ${what} ${version}`);
    upgraded = taken(step, upgraded, `${what} ${version}`, file);
  }
  return upgraded;
}

function taken(step: UpgradeStep, value: Record<string, unknown>, name: string, file: string) {
  try {
    return step(value);
  } catch (error) {
    const reason = `it cannot be upgraded from ${name}: ${(error as Error).message}`;
    throw new MoultError('STATE_UNREADABLE', { file, reason, saved: null }, { cause: error });
  }
}
