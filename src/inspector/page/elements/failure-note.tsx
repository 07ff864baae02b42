import type { JSX } from 'preact';
import { RefusedError } from '../source/refused-error.js';
import { visible } from '../text/visible.js';

/** What went wrong, and what helps. */
export function FailureNote({ error }: { error: unknown }): JSX.Element {
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{visible(message)}</strong>
      </p>
      {error instanceof RefusedError ? (
        <p class="muted">
          {visible(error.remedy)} <code>{visible(error.code)}</code>
        </p>
      ) : null}
    </div>
  );
}
