import { describe, expect, it } from 'vitest';
import { assign, createMachine } from 'xstate';
import { improvementMachine } from '../../../machines/improvement-machine.js';
import { restartMachine } from '../../../machines/restart-machine.js';
import { machineTransitions } from '../../../src/definition/machine-transitions.js';
import { stateNodes } from '../../../src/definition/state-nodes.js';
import { transitionKey } from '../../../src/definition/transition-key.js';
import { chartSvg } from '../../../src/inspector/chart/chart-svg.js';
import { builtInCharts } from '../../../src/inspector/chart/built-in-charts.js';
import { layOutChart } from '../../../src/inspector/chart/lay-out-chart.js';
import type { Box } from '../../../src/inspector/protocol/chart.js';

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const inside = (inner: Box, outer: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width + 0.5 &&
  inner.y + inner.height <= outer.y + outer.height + 0.5;

it.each([improvementMachine, restartMachine])(
  'of the machine $id is as it was laid out ahead of time (npm run docs:machines)',
  async (machine) => {
    expect(await layOutChart(machine)).toEqual(builtInCharts.find(({ id }) => id === machine.id));
  },
);

describe('the chart of the improvement', async () => {
  const chart = await layOutChart(improvementMachine);
  const node = (id: string) => chart.nodes.find((one) => one.id === id)!;

  it('has every state and every transition', () => {
    expect(chart.nodes.map(({ id }) => id)).toEqual([
      'improvement',
      ...stateNodes(improvementMachine).map(({ id }) => id),
    ]);
    expect(chart.edges.map(({ id }) => id).sort()).toEqual(
      machineTransitions(improvementMachine).map(transitionKey).sort(),
    );
  });

  it('has children inside their parents, and no two states or labels on each other', () => {
    for (const child of chart.nodes.slice(1)) expect(inside(child, node(child.parent!)), child.id).toBe(true);
    const leaves = chart.nodes.filter(({ type }) => type !== 'compound');
    const boxes = [
      ...leaves,
      ...new Map(chart.edges.map((edge) => [JSON.stringify(edge.labelBox), edge.labelBox])).values(),
    ];
    const clashes = boxes.flatMap((a, index) =>
      boxes
        .slice(index + 1)
        .filter((b) => overlap(a, b))
        .map((b) => [a, b]),
    );
    expect(clashes).toEqual([]);
  });

  it('says what is invoked, in which order guards are tried, and what happens then', () => {
    expect(node('improvement.testing.sealing').invokes).toEqual([{ id: 'sealChanges', src: 'sealChanges' }]);
    const tried = chart.edges.filter(({ event }) => event === 'xstate.done.actor.rollBack');
    expect(tried.map(({ order, guard, actions }) => [order, guard, actions])).toEqual([
      [1, 'wasCancelledAndEverythingIsBack', ['recordRollback']],
      [2, 'everythingIsBack', ['recordRollback']],
      [3, null, ['recordRollback']],
    ]);
    expect(tried.map(({ texts }) => texts.map(({ text }) => text))).toEqual([
      ['1. rollBack done', '[wasCancelledAndEverythingIsBack]'],
      ['2. rollBack done', '[everythingIsBack]'],
      ['3. rollBack done', '[otherwise]'],
    ]);
  });

  it('is the same each time', async () => {
    expect(await layOutChart(improvementMachine)).toEqual(chart);
  });

  it('is an SVG that stands alone', () => {
    const svg = chartSvg(chart, 'An <improvement>');
    expect(svg).toContain('aria-label="An &#60;improvement&#62;"');
    expect(svg).not.toMatch(/<script|href|url\(|@import/);
    for (const { key } of chart.nodes) expect(svg).toContain(`>${key}</text>`);
  });
});

it('takes any machine of the user: parallel, history, delays, inline actions, hostile names', async () => {
  const machine = createMachine({
    id: 'user',
    type: 'parallel',
    states: {
      a: {
        initial: 'x',
        entry: assign({}),
        states: {
          x: { after: { 1000: 'y' }, on: { '<script>': { guard: 'ok', actions: () => undefined } } },
          y: { exit: 'leave', always: { guard: () => false, target: 'x' } },
          h: { type: 'history' },
        },
        on: { BACK: '.h', '*': { actions: 'log' } },
      },
      b: { invoke: { src: 'work' }, onDone: {} },
    },
  });
  const chart = await layOutChart(machine);
  expect(chart.nodes.map(({ type }) => type)).toEqual([
    'parallel',
    'compound',
    'atomic',
    'atomic',
    'history',
    'atomic',
  ]);
  expect(chart.edges.map(({ label, guard }) => [label, guard])).toContainEqual(['after 1000 ms', null]);
  const texts = chart.nodes.flatMap((node) => node.texts.map(({ text }) => text));
  expect(texts).toContain('<script> [ok] / an action');
  expect(texts).toContain('any other event / log');
  expect(texts).toContain('entry / assign');
  expect(chartSvg(chart, 'user')).not.toContain('<script');
});
