import type { JSX } from 'preact';
import type { ActionView, Improvement } from '../../protocol/improvement.js';
import type { Session } from '../../protocol/session.js';
import { count } from '../../../wording/count.js';
import { ActionBar } from '../act/action-bar.js';
import { Badge } from '../elements/badge.js';
import { dayAndTime } from '../text/day-and-time.js';
import { visible } from '../text/visible.js';
import { wordsOf } from '../text/words-of.js';

interface Props {
  improvement: Improvement;
  session: Session;
  onAct: (action: ActionView) => void;
}

export function TaskHead({ improvement, session, onAct }: Props): JSX.Element {
  const { taskId, description, state, activity, risk, files, createdAt, failure, signatures } = improvement;
  const signature = signatures.at(-1);
  const trouble = failure?.message ?? failedChecks(improvement);
  return (
    <div class="task-head">
      <div class="task-words">
        <h1 title={visible(description)}>{visible(description)}</h1>
        <p class="task-facts">
          <Badge of={state} text={wordsOf(state.split('.').at(-1) ?? state)} />
          {activity === 'interrupted' ? (
            <Badge of="" text="its process is gone" look={{ tone: 'bad', icon: 'warning' }} />
          ) : null}
          <Badge of={risk} text={`${risk} risk`} />
          <span class="muted">
            <code>{taskId}</code> · {count(files.length, 'file')} · {dayAndTime(createdAt)}
            {signature ? ` · ${signature.what} by ${visible(signature.by)}` : ''}
          </span>
        </p>
        {trouble === null ? null : (
          <p class="task-failure">
            <strong>{visible(trouble)}</strong> {visible(failure?.remedy ?? '')}
          </p>
        )}
      </div>
      {session.live ? <ActionBar actions={improvement.actions} onChoose={onAct} /> : null}
    </div>
  );
}

/** Why it was given up where no error says so. */
function failedChecks({ cause, checks }: Improvement): string | null {
  if (cause !== 'checks_failed') return null;
  const failed = checks.filter(({ required, status }) => required && status !== 'passed');
  return `Validation failed: ${failed.map(({ name }) => name).join(', ')}`;
}
