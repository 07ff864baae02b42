/** Time, so that a test can own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Calls `callback` once after `delayMs`; the returned function takes that back.
   *
   * @param options `isBackground`: does not keep the program running. Default false.
   */
  schedule(delayMs: number, callback: () => void, options?: { isBackground?: boolean }): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (delayMs, callback, { isBackground = false } = {}) => {
    const timer = setTimeout(callback, delayMs);
    if (isBackground) timer.unref();
    return () => clearTimeout(timer);
  },
};
