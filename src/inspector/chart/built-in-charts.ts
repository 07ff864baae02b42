import type { Chart } from '../protocol/chart.js';
import improvement from './built-in/improvement.json' with { type: 'json' };
import restart from './built-in/restart.json' with { type: 'json' };

/** The charts of moult's own machines, laid out ahead of time (`npm run docs:machines`): nobody waits for them. */
export const builtInCharts: readonly Chart[] = [improvement, restart] as Chart[];
