import type { JSX } from 'preact';
import type { History } from '../../protocol/improvement.js';

/** How many improvements there were, and how they ended. */
export function Figures({ figures }: { figures: History['figures'] }): JSX.Element {
  const { total, completed, rolledBack, cancelled, rollbackFailed, open, successRate } = figures;
  const items: [string, string, string][] = [
    ['In all', String(total), 'idle'],
    ['Success rate', successRate === null ? '–' : `${Math.round(successRate * 100)} %`, 'good'],
    ['Completed', String(completed), 'good'],
    ['Rolled back', String(rolledBack), 'back'],
    ['Cancelled', String(cancelled), 'idle'],
    ['Open', String(open), 'run'],
    ['Rollback failed', String(rollbackFailed), rollbackFailed > 0 ? 'bad' : 'idle'],
  ];
  return (
    <dl class="figures">
      {items.map(([name, value, tone]) => (
        <div key={name} class={`figure tone-${tone}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
