import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Json } from '../../protocol/session.js';
import { Dialog } from '../elements/dialog.js';
import { DialogFoot } from '../elements/dialog-foot.js';
import { FailureNote } from '../elements/failure-note.js';
import type { Source } from '../source/source.js';

interface Props {
  source: Source;
  actorId: string;
  type: string;
  onClose: () => void;
}

/** Sends an event to an actor, with more than its type where that is wanted. */
export function SendDialog({ source, actorId, type, onClose }: Props): JSX.Element {
  const [text, setText] = useState('{}');
  const [error, setError] = useState<unknown>(null);
  const [isSending, setIsSending] = useState(false);
  const send = async (): Promise<void> => {
    setIsSending(true);
    try {
      const more = JSON.parse(text) as Json;
      if (typeof more !== 'object' || more === null || Array.isArray(more)) {
        throw new Error('The rest of an event is an object, as {"amount": 1}.');
      }
      await source.post(`api/actors/${encodeURIComponent(actorId)}/events`, { ...more, type });
      onClose();
    } catch (refusal) {
      setError(refusal);
      setIsSending(false);
    }
  };
  return (
    <Dialog title={`Send ${type}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class="dialog-body">
          <p>
            Sends the event to the actor <code>{actorId}</code>. What it does is up to its machine.
          </p>
          <label>
            The rest of the event, as JSON
            <textarea
              class="field mono"
              rows={4}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          {error === null ? null : <FailureNote error={error} />}
        </div>
        <DialogFoot label="Send" tone="primary" isSending={isSending} onClose={onClose} />
      </form>
    </Dialog>
  );
}
