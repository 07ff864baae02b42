import type { CheckResult } from '../../../machines/improvement-types.js';
import type { ValidationCheck } from '../../improvement.js';
import type { Plan } from '../../plan/plan.js';
import { visibleOutput } from '../../wording/visible.js';
import type { CheckView } from '../protocol/improvement.js';
import type { CheckEntry, TimelineEntry } from '../protocol/timeline.js';
import type { CheckLogFile } from './check-logs.js';

interface CheckFacts {
  plan: Plan;
  /** Those that are in the context: all, or none before the last has ended. */
  results: readonly CheckResult[];
  logs: readonly CheckLogFile[];
  timeline: readonly TimelineEntry[];
  /** A process is at work on them. */
  areRunning: boolean;
}

/** The checks of a plan, with what is known of each. */
export function checkViews({ plan, results, logs, timeline, areRunning }: CheckFacts): CheckView[] {
  const entries = timeline.filter((entry) => entry.kind === 'check');
  return plan.checks.map((check, index) => {
    const of = entries.filter((entry) => entry.check === index);
    const start = of.findLast(({ phase }) => phase === 'start');
    const end = of.at(-1)?.phase === 'end' ? of.at(-1) : undefined;
    const result = results.find(({ name }) => name === check.name);
    return {
      index,
      ...toView(check),
      status: result?.status ?? statusOf(start, end, areRunning),
      reason: result?.reason ?? null,
      exitCode: result?.exitCode ?? null,
      startedAt: start?.at ?? null,
      durationMs: result?.durationMs ?? end?.durationMs ?? null,
      output: visibleOutput(result?.output ?? ''),
      logBytes: logs.find((log) => log.check === index)?.sizeBytes ?? null,
    };
  });
}

function toView({ name, type, required, command }: ValidationCheck) {
  return { name, type, required, command: command ?? `the script "${type}" of package.json` };
}

function statusOf(
  start: CheckEntry | undefined,
  end: CheckEntry | undefined,
  areRunning: boolean,
): CheckView['status'] {
  if (end?.status) return end.status;
  if (start === undefined) return 'pending';
  // Its process is gone, and took the result with it.
  return areRunning ? 'running' : 'not_run';
}
