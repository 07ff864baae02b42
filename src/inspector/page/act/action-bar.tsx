import type { JSX } from 'preact';
import type { ActionView } from '../../protocol/improvement.js';

interface Props {
  actions: readonly ActionView[];
  onChoose: (action: ActionView) => void;
}

/** What a person can do now. What cannot be done is there too, greyed, and says why. */
export function ActionBar({ actions, onChoose }: Props): JSX.Element | null {
  if (actions.length === 0) return null;
  const first = actions.find(({ enabled }) => enabled);
  return (
    <div class="actions" role="group" aria-label="Actions">
      {actions.map((action) => {
        const { enabled, label, why } = action;
        const id = `why-${action.action}`;
        return (
          <span key={action.action} class="action">
            <button
              type="button"
              class={`button ${action === first && action.action !== 'cancel' && action.action !== 'rollback' ? 'primary' : ''}`}
              aria-disabled={!enabled}
              aria-describedby={why === null ? undefined : id}
              title={why ?? action.does}
              onClick={() => {
                if (enabled) onChoose(action);
              }}
            >
              {label}
            </button>
            {why === null ? null : (
              <span id={id} class="why" role="tooltip">
                {why}
              </span>
            )}
          </span>
        );
      })}
    </div>
  );
}
