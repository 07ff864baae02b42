import type { Clock } from '../ports/clock.js';

/** Time that passes only when a test says so. */
export interface ManualClock extends Clock {
  /** How many callbacks wait for their time. */
  readonly waiting: number;
  /** Lets time pass: each callback that comes due is called in its turn, and what awaits it goes on before the next. */
  advance(ms: number): Promise<void>;
}

interface Timer {
  at: number;
  callback: () => void;
}

/** @param startMs Milliseconds since the epoch. Default 0. */
export function manualClock(startMs = 0): ManualClock {
  const timers = new Set<Timer>();
  let time = startMs;
  /** Of two that are due at once, the one that was asked for first. */
  const nextUntil = (end: number) =>
    [...timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  return {
    now: () => time,
    get waiting() {
      return timers.size;
    },
    schedule: (delayMs, callback) => {
      const timer = { at: time + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: async (ms) => {
      const end = time + ms;
      for (let timer = nextUntil(end); timer; timer = nextUntil(end)) {
        timers.delete(timer);
        time = Math.max(time, timer.at);
        timer.callback();
        await new Promise((resolve) => setImmediate(resolve));
      }
      time = Math.max(time, end);
    },
  };
}
