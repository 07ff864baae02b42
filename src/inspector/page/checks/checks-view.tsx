import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { CheckView, Improvement } from '../../protocol/improvement.js';
import { Badge } from '../elements/badge.js';
import { OptionList } from '../list/option-list.js';
import type { Moment } from '../moments/moment.js';
import type { Source } from '../source/source.js';
import { duration } from '../text/duration.js';
import { visible } from '../text/visible.js';
import { LogView } from './log-view.js';

interface Props {
  source: Source;
  improvement: Improvement;
  logBytes: ReadonlyMap<number, number>;
  moment: Moment;
  isNewest: boolean;
}

/** What judges the change, and what it said. */
export function ChecksView({ source, improvement, logBytes, moment, isNewest }: Props): JSX.Element {
  const { checks, taskId } = improvement;
  const [picked, setPicked] = useState<number | null>(null);
  const chosen = picked ?? mostInteresting(checks);
  const check = checks[chosen];
  const statusOf = ({ index, status }: CheckView) => {
    const then = moment.checks.get(index);
    // The timeline is quicker than the rest to say that a check has begun.
    return isNewest && (then === undefined || status !== 'pending') ? status : (then ?? 'pending');
  };
  if (!check) {
    return (
      <section class="panel">
        <p class="empty">No checks are planned: nothing judges this change.</p>
      </section>
    );
  }
  const size = Math.max(check.logBytes ?? 0, logBytes.get(check.index) ?? 0);
  return (
    <div class="split checks-view">
      <section class="panel" aria-labelledby="checks-title">
        <header class="panel-head">
          <h2 id="checks-title">Checks</h2>
        </header>
        <OptionList
          id="checks"
          label="Checks"
          count={checks.length}
          rowHeight={46}
          chosen={chosen}
          onChoose={setPicked}
          empty="No checks."
          option={(index) => <CheckRow check={checks[index]!} status={statusOf(checks[index]!)} />}
        />
      </section>
      <section class="panel" aria-labelledby="check-title">
        <header class="panel-head wrap">
          <h2 id="check-title">{visible(check.name)}</h2>
          <Badge of={statusOf(check)} />
        </header>
        <div class="file-facts">
          <code class="command">{visible(check.command)}</code>
          <span class="muted">
            {[
              check.required ? 'required' : 'only reported',
              check.exitCode === null ? '' : `exit code ${check.exitCode}`,
              check.durationMs === null ? '' : duration(check.durationMs),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
          {check.reason === null ? null : <p>{visible(check.reason)}</p>}
        </div>
        <LogView
          key={check.index}
          source={source}
          address={`api/improvements/${taskId}/checks/${check.index}/log`}
          sizeBytes={size}
          fallback={check.output}
        />
      </section>
    </div>
  );
}

function CheckRow({ check, status }: { check: CheckView; status: CheckView['status'] }): JSX.Element {
  return (
    <>
      <span class="file-text">
        <span class="cut check-name">{visible(check.name)}</span>
        <span class="cut muted">
          {check.type}
          {check.required ? '' : ' · only reported'}
          {check.durationMs === null ? '' : ` · ${duration(check.durationMs)}`}
        </span>
      </span>
      <Badge of={status} />
    </>
  );
}

/** The one that runs, else the first that failed, else the first. */
function mostInteresting(checks: readonly CheckView[]): number {
  const position = (wanted: (check: CheckView) => boolean) => checks.findIndex(wanted);
  const running = position(({ status }) => status === 'running');
  if (running >= 0) return running;
  return Math.max(
    0,
    position(({ status }) => status !== 'passed' && status !== 'pending'),
  );
}
