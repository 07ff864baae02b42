const views = ['run', 'change', 'checks', 'sequence', 'summary'] as const;
export type View = (typeof views)[number];

/** What of the inspector is shown; it stands in the address, so that a page can be linked to and gone back from. */
export type Route = { page: 'history' } | { page: 'task'; taskId: string; view: View } | { page: 'first' };

export function parseRoute(hash: string): Route {
  const [page, taskId, view] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'history') return { page };
  if (page !== 'task' || !taskId || !/^[\w-]+$/.test(taskId)) return { page: 'first' };
  return { page, taskId, view: views.find((name) => name === view) ?? 'run' };
}

export function hashOf(route: Route): string {
  if (route.page === 'task') return `#/task/${route.taskId}/${route.view}`;
  return route.page === 'history' ? '#/history' : '#/';
}
