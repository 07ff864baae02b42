import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Tone } from '../moments/state-look.js';
import { visible } from '../text/visible.js';

interface Props {
  title: string;
  tone: Tone;
  items: readonly { path: string; note?: string }[];
}

const most = 50;

/** Paths and what is to be said of each; nothing where there are none. */
export function PathList({ title, tone, items }: Props): JSX.Element | null {
  const [isWhole, setIsWhole] = useState(false);
  if (items.length === 0) return null;
  const shown = isWhole ? items : items.slice(0, most);
  return (
    <section class={`path-list tone-${tone}`}>
      <h3>
        {title} <span class="amount">{items.length.toLocaleString('en-US')}</span>
      </h3>
      <ul>
        {shown.map(({ path, note }) => (
          <li key={path}>
            <code>{visible(path)}</code>
            {note === undefined ? null : <span class="muted"> {visible(note)}</span>}
          </li>
        ))}
      </ul>
      {shown.length < items.length ? (
        <button type="button" class="button quiet" onClick={() => setIsWhole(true)}>
          Show all {items.length.toLocaleString('en-US')}
        </button>
      ) : null}
    </section>
  );
}
