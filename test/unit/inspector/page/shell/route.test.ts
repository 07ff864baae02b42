import { expect, it } from 'vitest';
import { hashOf, parseRoute, type Route } from '../../../../../src/inspector/page/shell/route.js';

it('comes back from the address as it went in', () => {
  const routes: Route[] = [
    { page: 'history' },
    { page: 'first' },
    { page: 'task', taskId: 'si-17', view: 'checks' },
  ];
  for (const route of routes) expect(parseRoute(hashOf(route))).toEqual(route);
});

it('of an address that is none is the first page', () => {
  for (const hash of ['', '#', '#/nothing', '#/task', '#/task/../x', '#/task/si-1%2f..']) {
    expect(parseRoute(hash)).toEqual({ page: 'first' });
  }
  expect(parseRoute('#/task/si-1/none')).toMatchObject({ view: 'run' });
});
