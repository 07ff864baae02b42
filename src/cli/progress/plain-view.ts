import type { ProgressEvent } from '../../actors/progress.js';
import type { Output } from '../output.js';
import { duration } from '../render/duration.js';
import type { Step } from './step.js';
import { Steps } from './steps.js';

const words: Record<Step['outcome'], string> = {
  running: 'started',
  done: 'done',
  warned: 'failed, but is not required',
  failed: 'failed',
  stopped: 'stopped',
};

/** A line for each step when it is over. What can take long has one for its start as well. */
export class PlainView {
  private readonly steps = new Steps(() => performance.now(), {
    started: (step) => this.started(step),
    ended: (step) => this.ended(step),
  });

  constructor(private readonly output: Output) {}

  take(event: ProgressEvent): void {
    this.steps.take(event);
  }

  end(): void {}

  private started(step: Step): void {
    if (step.kind === 'check') this.output.inform(`${nameOf(step)} ...`);
    else if (step.label === 'Roll back')
      this.output.inform(`${nameOf(step)} ${step.detail}`.trimEnd() + ' ...');
  }

  private ended(step: Step): void {
    const word = step.kind === 'check' && step.outcome === 'done' ? 'passed' : words[step.outcome];
    const detail = step.detail === '' ? '' : `: ${step.detail}`;
    this.output.inform(`${nameOf(step)} ${word} (${duration(step.durationMs ?? 0)})${detail}`);
  }
}

const nameOf = ({ kind, label }: Step) => (kind === 'check' ? `Check "${label}"` : label);
