import { describe, expect, it } from 'vitest';
import type { Step } from '../../../../src/cli/progress/step.js';
import { stepLine } from '../../../../src/cli/progress/step-line.js';
import { displayWidth } from '../../../../src/cli/render/fit.js';
import { createStyle } from '../../../../src/cli/render/style.js';
import { symbolsFor } from '../../../../src/cli/render/symbols.js';

const step: Step = {
  kind: 'check',
  label: 'Unit Tests 日本語',
  detail: 'the last line of what it printed, which may be long 日本語',
  outcome: 'done',
  startedAt: 0,
  durationMs: 12_000,
};
const line = (columns: number, changes: Partial<Step> = {}) =>
  stepLine(
    { ...step, ...changes },
    {
      columns,
      now: 3_000,
      spinner: '⠋',
      symbols: symbolsFor({ env: {}, platform: 'linux' }),
      style: createStyle(false),
    },
  );

describe('stepLine', () => {
  it('has mark, label, detail and time', () => {
    expect(line(120)).toBe(`✔ Check Unit Tests 日本語  ${step.detail}  12 s`);
    expect(line(120, { outcome: 'running', durationMs: null, detail: '' })).toMatch(/^⠋ .*語 {2}3\.0 s$/);
    expect(line(120, { durationMs: 20, detail: '' })).toBe('✔ Check Unit Tests 日本語');
  });

  it('is never wider than the terminal', () => {
    for (let columns = 2; columns < 120; columns += 1) {
      expect(displayWidth(line(columns)), String(columns)).toBeLessThanOrEqual(columns);
    }
  });
});
