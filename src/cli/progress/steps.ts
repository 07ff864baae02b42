import type { CheckResult } from '../../../machines/improvement-types.js';
import type { ProgressEvent } from '../../actors/progress.js';
import { count } from '../../wording/count.js';
import { visibleLine } from '../../wording/visible.js';
import { LastLine } from './last-line.js';
import type { Step } from './step.js';

/** The states that a person waits for. */
const labels: Record<string, string> = {
  'planning.assessing': 'Plan',
  'implementing.backing_up': 'Back up',
  'implementing.checkpointing': 'Checkpoint',
  'implementing.applying': 'Apply',
  'testing.sealing': 'Keep',
  'testing.scheduling_restart': 'Schedule restart',
  rolling_back: 'Roll back',
};

interface StepListener {
  started(step: Step): void;
  ended(step: Step): void;
}

/** Makes steps out of the events of an improvement. */
export class Steps {
  readonly all: Step[] = [];
  private readonly lastLine = new LastLine();
  private readonly known = new Set<string>();
  private applied = 0;

  constructor(
    private readonly now: () => number,
    private readonly listener: StepListener,
  ) {}

  take(event: ProgressEvent): void {
    switch (event.type) {
      case 'state':
        return this.enter(event.state, event.taskId);
      case 'applied':
        this.applied += 1;
        return this.tell(`${count(this.applied, 'file')}, ${visibleLine(event.path)}`);
      case 'check-started':
        this.lastLine.clear();
        return this.start({ kind: 'check', label: visibleLine(event.name), detail: '' });
      case 'check-output':
        return this.tell(this.lastLine.append(event.chunk));
      case 'check-finished':
        return this.end(outcomeOf(event.result), visibleLine(event.result.reason ?? ''));
    }
  }

  private get running(): Step | undefined {
    const last = this.all.at(-1);
    return last?.outcome === 'running' ? last : undefined;
  }

  private enter(state: string, taskId: string): void {
    const isInterrupted = !this.known.has(taskId) && state === 'rolling_back';
    this.known.add(taskId);
    if (state === 'rolling_back') this.end('stopped', '');
    else this.end(state === 'rollback_failed' ? 'failed' : 'done', this.doneDetail());
    const label = labels[state];
    if (label !== undefined) this.start({ kind: 'state', label, detail: isInterrupted ? taskId : '' });
  }

  private doneDetail(): string {
    return this.running?.label === labels['implementing.applying'] ? count(this.applied, 'file') : '';
  }

  private start(step: Pick<Step, 'kind' | 'label' | 'detail'>): void {
    const started: Step = { ...step, outcome: 'running', startedAt: this.now(), durationMs: null };
    this.all.push(started);
    this.listener.started(started);
  }

  private tell(detail: string): void {
    if (this.running) this.running.detail = detail;
  }

  private end(outcome: Step['outcome'], detail: string): void {
    const step = this.running;
    if (!step) return;
    Object.assign(step, { outcome, detail, durationMs: this.now() - step.startedAt });
    this.listener.ended(step);
  }
}

function outcomeOf({ status, required }: CheckResult): Step['outcome'] {
  if (status === 'passed') return 'done';
  return required ? 'failed' : 'warned';
}
