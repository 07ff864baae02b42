import type { CheckResult } from '../../../machines/improvement-types.js';
import type { Plan } from '../../plan/plan.js';
import type { Standing } from '../milestones-between.js';

/** What is told of an improvement as it goes on. No type of OpenTelemetry is in it: a host may do without the package. */
export interface ImprovementTrace {
  entered(standing: Standing): void;
  checkStarted(name: string): void;
  checkFinished(result: CheckResult): void;
}

/** An improvement whose trace is to be followed. */
export interface TracedTask {
  plan: Pick<Plan, 'taskId' | 'digest' | 'risk' | 'paths'>;
  /** Where the place of the improvement in its trace is kept, for the processes to come. */
  file: string;
  /** Nothing is at work in the state: it waits for somebody, or is the end. */
  isResting: (state: string) => boolean;
}
