import type { JSX } from 'preact';
import { stateLook, type Look } from '../moments/state-look.js';
import { wordsOf } from '../text/words-of.js';
import { Icon } from './icon.js';

/** A state, a status or a risk: word, shape and colour. */
export function Badge({ of, text, look }: { of: string; text?: string; look?: Look }): JSX.Element {
  const { tone, icon } = look ?? stateLook(of);
  return (
    <span class={`badge tone-${tone}`}>
      <Icon name={icon} size={13} />
      {text ?? wordsOf(of)}
    </span>
  );
}
