import type { Plan } from './plan.js';
import { protectedName } from './protected-name.js';

/** Tells whether a path of the project has nothing to do with a plan: it is not planned, nor below a planned path. */
export function outsidePlan({ paths }: Pick<Plan, 'paths'>): (path: string) => boolean {
  const planned = new Set(paths.map(({ path }) => path));
  return (path) => {
    const components = path.split('/');
    if (components.some((name) => ['', '.', '..'].includes(name) || name.includes('\0'))) return false;
    // The rules for the first component are for plans: a check may have damaged our own configuration.
    if (protectedName(['.', ...components]) !== null) return false;
    return !components.some((_, depth) => planned.has(components.slice(0, depth + 1).join('/')));
  };
}
