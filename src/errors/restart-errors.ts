import { entry } from './entry.js';

/** What can be wrong with a restart. */
export const restartErrors = {
  NOT_CONFIRMED: entry<{ taskId: string; reason: string }>(
    ({ taskId, reason }) => `The new version of ${taskId} did not prove itself: ${reason}`,
    'Correct the change and plan it again. What the program printed tells more.',
  ),
  RESTART_PENDING: entry<{ restartId: string; reason: string }>(
    ({ restartId, reason }) => `Another restart is under way: ${restartId} (${reason}).`,
    'Wait for its end, or cancel it while it is only scheduled.',
  ),
  RESTART_UNAVAILABLE: entry<{ strategy: string; reason: string }>(
    ({ strategy, reason }) => `The program cannot be restarted by the strategy "${strategy}": ${reason}.`,
    'Start the program with `moult supervise -- COMMAND`, or set `restart.strategy`; docs/restart.md has recipes.',
  ),
  GUARD_RUNNING: entry<{ pid: number; since: string }>(
    ({ pid, since }) => `Process ${pid} looks after the restarts of this program already, since ${since}.`,
    'Stop the program that runs; two of them would fight for its port.',
  ),
  GUARD_NOT_BUILT: entry<{ places: string[] }>(
    ({ places }) => `The guard was not found in ${places.join(', ')}.`,
    'Install moult anew; in its own repository, run `npm run build`.',
  ),
  SAFE_MODE: entry<{ file: string }>(
    ({ file }) =>
      `Neither the new nor the old version of the program stayed well, so it is not started any more. ${JSON.stringify(file)} says what happened.`,
    'See to the cause, then run `moult leave-safe-mode` and start the program.',
  ),
  PROGRAM_EXITED: entry<{ exit: string; phase: string }>(
    ({ exit, phase }) => `The program ${exit} ${phase}`,
    'Read what it printed.',
  ),
  PROGRAM_NOT_READY: entry<{ withinMs: number; wanted: string; last: string | null }>(
    ({ withinMs, wanted, last }) =>
      `The program was not ready within ${withinMs / 1000} s: ${wanted}${last === null ? '' : `; at last: ${last}`}`,
    "Have it say that it is ready (`process.send('ready')`), or set `restart.readiness`.",
  ),
  PROGRAM_UNHEALTHY: entry<{ reason: string }>(
    ({ reason }) => `The program was ready, and then not well: ${reason}`,
    'Read what it printed.',
  ),
  PROGRAM_NOT_STOPPED: entry<{ pid: number }>(
    ({ pid }) => `Process ${pid} could not be ended, not even by SIGKILL.`,
    'Look at what holds it (a broken device, a debugger), and end it.',
  ),
} as const;
