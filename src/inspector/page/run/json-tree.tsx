import type { JSX } from 'preact';
import type { Json } from '../../protocol/session.js';
import { visible } from '../text/visible.js';

const mostChildren = 200;

/** A value that can be opened branch by branch. */
export function JsonTree({ value }: { value: Json | Readonly<Record<string, Json>> }): JSX.Element {
  return <div class="json-tree">{branches(value, 0)}</div>;
}

function branches(value: Json, depth: number): JSX.Element[] {
  const entries = Object.entries(value as Record<string, Json>);
  const shown = entries
    .slice(0, mostChildren)
    .map(([key, child]) => <Branch key={key} name={key} value={child} depth={depth} />);
  const hidden = entries.length - shown.length;
  return hidden > 0
    ? [
        ...shown,
        <p key="…" class="muted">
          … {hidden.toLocaleString('en-US')} more
        </p>,
      ]
    : shown;
}

function Branch({ name, value, depth }: { name: string; value: Json; depth: number }): JSX.Element {
  const isLeaf = typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  if (isLeaf) {
    return (
      <div class="leaf">
        <span class="key">{visible(name)}</span>{' '}
        <span class={`value ${value === null ? 'null' : typeof value}`}>
          {visible(JSON.stringify(value))}
        </span>
      </div>
    );
  }
  const size = Object.keys(value).length;
  return (
    <details open={depth < 1 && size < 20}>
      <summary>
        <span class="key">{visible(name)}</span>{' '}
        <span class="muted">{Array.isArray(value) ? `[${size}]` : `{${size}}`}</span>
      </summary>
      {branches(value, depth + 1)}
    </details>
  );
}
