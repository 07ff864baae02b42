import { displayWidth, fit } from '../render/fit.js';
import { duration } from '../render/duration.js';
import type { Style } from '../render/style.js';
import type { Symbols } from '../render/symbols.js';
import type { Step } from './step.js';

interface Drawing {
  now: number;
  columns: number;
  spinner: string;
  symbols: Symbols;
  style: Style;
}

const labelColumns = 18;
/** Shorter times say nothing to a person. */
const shownFromMs = 100;
const narrowColumns = 30;

/** A step as a line that is not wider than the terminal. */
export function stepLine(step: Step, { now, columns, spinner, symbols, style }: Drawing): string {
  const durationMs = step.durationMs ?? now - step.startedAt;
  const time = durationMs < shownFromMs || columns < narrowColumns ? '' : `  ${duration(durationMs)}`;
  const room = columns - 2 - displayWidth(time);
  const label = fit(step.kind === 'check' ? `Check ${step.label}` : step.label, room);
  const gap = ' '.repeat(Math.max(2, labelColumns - displayWidth(label)));
  const detail = step.detail === '' ? '' : fit(gap + step.detail, room - displayWidth(label));
  return `${marked(step, spinner, symbols, style)} ${label}${style.dim(detail.trim() === '…' ? '' : detail)}${style.dim(time)}`;
}

function marked({ outcome }: Step, spinner: string, symbols: Symbols, style: Style): string {
  switch (outcome) {
    case 'running':
      return style.cyan(spinner);
    case 'done':
      return style.green(symbols.passed);
    case 'warned':
      return style.yellow(symbols.warned);
    case 'failed':
      return style.red(symbols.failed);
    case 'stopped':
      return style.dim(symbols.stopped);
  }
}
