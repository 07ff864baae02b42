import type { ComponentChildren, JSX } from 'preact';
import type { Improvement } from '../../protocol/improvement.js';
import { dayAndTime } from '../text/day-and-time.js';
import { visible } from '../text/visible.js';
import { wordsOf } from '../text/words-of.js';
import { PathList } from './path-list.js';
import { undeclaredChanges } from './undeclared-changes.js';

/** What was decided, by whom, and what came of it. */
export function SummaryView({ improvement }: { improvement: Improvement }): JSX.Element {
  const { digest, createdAt, updatedAt, checkpoint, rollback, signatures, cause, needsRestart } = improvement;
  return (
    <section class="panel summary" aria-labelledby="summary-title">
      <header class="panel-head">
        <h2 id="summary-title">Summary</h2>
      </header>
      <div class="scroller" role="region" tabIndex={0} aria-label="Summary">
        <dl class="facts">
          <Fact name="Planned">{dayAndTime(createdAt)}</Fact>
          <Fact name="Last step">{dayAndTime(updatedAt)}</Fact>
          <Fact name="Approval">
            {improvement.approvalRequired ? 'needed before it is executed' : 'not needed'}
          </Fact>
          {signatures.map(({ what, by, at, why }) => (
            <Fact key={`${what}${at}`} name={wordsOf(what).replace(/^./, (letter) => letter.toUpperCase())}>
              by {visible(by)}, {dayAndTime(at)}
              {why === undefined ? null : <blockquote>{visible(why)}</blockquote>}
            </Fact>
          ))}
          <Fact name="Restart">{needsRestart ? 'needed to run the new code' : 'not needed'}</Fact>
          {cause === null ? null : <Fact name="Given up because">{wordsOf(cause)}</Fact>}
          <Fact name="Digest of the plan">
            <code class="break">{digest}</code>
          </Fact>
          <Fact name="Events of the machine">
            <ul class="event-list">
              {improvement.events.map(({ type, canBeTaken }) => (
                <li key={type} class={canBeTaken ? undefined : 'muted'}>
                  <code>{type}</code> {canBeTaken ? 'would be taken now' : 'would do nothing now'}
                </li>
              ))}
            </ul>
          </Fact>
          {checkpoint === null ? null : (
            <Fact name="Checkpoint">
              {checkpoint.kind === 'git' ? (
                <code class="break">{checkpoint.commit}</code>
              ) : (
                visible(checkpoint.reason)
              )}
              {checkpoint.kind === 'git'
                ? checkpoint.notices.map((notice) => <p key={notice}>{visible(notice)}</p>)
                : null}
            </Fact>
          )}
        </dl>
        <PathList
          title="Undeclared: changed by the checks, and not in the plan"
          tone="wait"
          items={undeclaredChanges(improvement.context)}
        />
        {rollback === null ? null : (
          <>
            <PathList
              title="Could not be put back"
              tone="bad"
              items={rollback.failed.map(({ path, reason, savedAt }) => ({
                path,
                note: savedAt === null ? reason : `${reason}; saved at ${savedAt}`,
              }))}
            />
            <PathList
              title="Displaced: bytes of somebody else, moved aside"
              tone="wait"
              items={rollback.displaced.map(({ path, savedAt }) => ({ path, note: `saved at ${savedAt}` }))}
            />
            <PathList
              title="Left to their editor"
              tone="wait"
              items={rollback.kept.map((path) => ({ path }))}
            />
            <PathList
              title="Put back and verified"
              tone="back"
              items={rollback.restored.map((path) => ({ path }))}
            />
          </>
        )}
      </div>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
