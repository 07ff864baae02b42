import { fit } from './fit.js';
import { visibleLine } from '../../wording/visible.js';

const columns = 100;

/** The first line of a description, so long that it is read at a glance. */
export function headline(description: string): string {
  return fit(visibleLine(description.trim().split('\n')[0] ?? ''), columns);
}
