/** What tells a process that went on after it was given up that it must not write any more. */
export interface Fence {
  /** Grows with every holder of the lock. */
  readonly token: number;
  /** @throws LOCK_LOST once somebody else has taken over. */
  assertHeld(): Promise<void>;
}
