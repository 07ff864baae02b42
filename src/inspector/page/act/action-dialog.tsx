import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ActionRequest } from '../../protocol/live.js';
import type { ActionView, Improvement } from '../../protocol/improvement.js';
import { count } from '../../../wording/count.js';
import { Badge } from '../elements/badge.js';
import { Dialog } from '../elements/dialog.js';
import { DialogFoot } from '../elements/dialog-foot.js';
import { FailureNote } from '../elements/failure-note.js';
import { RefusedError } from '../source/refused-error.js';
import type { Source } from '../source/source.js';
import { visible } from '../text/visible.js';

interface Props {
  source: Source;
  improvement: Improvement;
  action: ActionView;
  onClose: () => void;
  /** It was done; the message says what came of it. */
  onDone: (message: string) => void;
}

const tones: Record<ActionView['action'], 'primary' | 'danger'> = {
  approve: 'primary',
  confirm: 'primary',
  reject: 'danger',
  cancel: 'danger',
  rollback: 'danger',
};

/** Says what an action will do, and does it when that is wanted. */
export function ActionDialog({ source, improvement, action, onClose, onDone }: Props): JSX.Element {
  const [why, setWhy] = useState('');
  const [force, setForce] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { taskId, digest, files, risk } = improvement;

  const send = async (): Promise<void> => {
    setIsSending(true);
    setError(null);
    const request: ActionRequest = {
      digest,
      ...(action.takesReason && why.trim() !== '' ? { why: why.trim() } : {}),
      ...(force ? { force } : {}),
    };
    try {
      const { message } = await source.post(`api/improvements/${taskId}/actions/${action.action}`, request);
      onDone(message);
    } catch (refusal) {
      setError(refusal);
      setIsSending(false);
    }
  };
  return (
    <Dialog title={action.label} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSending) void send();
        }}
      >
        <div class="dialog-body">
          <p>{visible(action.does)}</p>
          <ul class="dialog-facts">
            <li>
              <span class="muted">Improvement</span> <code>{taskId}</code>
            </li>
            <li>
              <span class="muted">Files</span> {count(files.length, 'file')} planned,{' '}
              {action.changesFiles ? 'and this changes them' : 'and this changes none of them'}
            </li>
            <li>
              <span class="muted">Risk</span> <Badge of={risk} />
            </li>
            {action.action === 'approve' ? (
              <li>
                <span class="muted">Digest</span> <code class="break">{digest}</code>
              </li>
            ) : null}
          </ul>
          {action.takesReason ? (
            <label>
              Why (optional)
              <textarea
                class="field"
                rows={2}
                value={why}
                onInput={(event) => setWhy(event.currentTarget.value)}
              />
            </label>
          ) : null}
          {action.action === 'rollback' && error instanceof RefusedError ? (
            <label class="check-label">
              <input
                type="checkbox"
                checked={force}
                onChange={(event) => setForce(event.currentTarget.checked)}
              />
              Move aside what somebody made of the files since
            </label>
          ) : null}
          {error === null ? null : <FailureNote error={error} />}
        </div>
        <DialogFoot
          label={action.label}
          tone={tones[action.action]}
          isSending={isSending}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
