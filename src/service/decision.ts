import type { Clock } from '../ports/clock.js';

/** Who decided, and why. */
export interface Decision {
  /** A name a person can be found by. */
  by: string;
  why?: string;
}

/** A decision as the machine takes it. */
export function signed({ by, why }: Decision, clock: Clock): { by: string; why?: string; at: string } {
  return { by, ...(why === undefined ? {} : { why }), at: new Date(clock.now()).toISOString() };
}
