import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { improvementMachine } from '../../../machines/improvement-machine.js';
import { toMermaid } from '../../../src/inspector/chart/to-mermaid.js';

describe('toMermaid', () => {
  it('draws the improvement as docs/architecture.md shows it', () => {
    const docs = readFileSync(path.resolve(import.meta.dirname, '../../../docs/architecture.md'), 'utf8');
    expect(docs).toContain(toMermaid(improvementMachine));
  });

  it('tells states with the same name apart, and writes out what Mermaid would read as its own', () => {
    const region = { initial: 'idle', states: { idle: { on: { 'a:b; c': 'busy' } }, busy: {} } };
    const machine = createMachine({ id: 'm', initial: 'one', states: { one: region, two: region } });
    expect(
      toMermaid(machine)
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      'stateDiagram-v2',
      'state "one.idle" as one__idle',
      'state "one.busy" as one__busy',
      'state "two.idle" as two__idle',
      'state "two.busy" as two__busy',
      '[*] --> one__idle',
      'one__idle --> one__busy : a#58;b#59; c',
      'two__idle --> two__busy : a#58;b#59; c',
    ]);
  });

  it('draws the regions of a parallel state inside it', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'both',
      states: {
        both: {
          type: 'parallel',
          states: {
            left: { initial: 'l1', states: { l1: { on: { L: 'l2' } }, l2: { on: { STOP: '#m.end' } } } },
            right: { initial: 'r1', states: { r1: {} } },
          },
        },
        end: { type: 'final' },
      },
    });
    expect(toMermaid(machine)).toBe(`stateDiagram-v2
  state "both" as both
  state both {
    state "both.left.l1" as l1
    state "both.left.l2" as l2
    [*] --> l1
    l1 --> l2 : L
    --
    state "both.right.r1" as r1
    [*] --> r1
  }
  state "end" as end
  [*] --> both
  both --> end : STOP
  end --> [*]`);
  });
});
