import type { JSX } from 'preact';

interface Props {
  label: string;
  tone: 'primary' | 'danger';
  /** It is being done: a second press must not do it twice. */
  isSending: boolean;
  onClose: () => void;
}

/** The two ways out of a dialog: to do it, or not. */
export function DialogFoot({ label, tone, isSending, onClose }: Props): JSX.Element {
  return (
    <footer class="dialog-foot">
      <button type="button" class="button" onClick={onClose}>
        Close
      </button>
      <button type="submit" class={`button ${tone}`} disabled={isSending}>
        {isSending ? 'Working …' : label}
      </button>
    </footer>
  );
}
