import type { JSX } from 'preact';
import type { Json } from '../../protocol/session.js';
import type { JsonChange } from '../json/json-changes.js';
import { visible } from '../text/visible.js';

const longest = 600;

/** What changed in a context, old beside new. */
export function ChangeTable({
  changes,
  caption,
}: {
  changes: readonly JsonChange[];
  caption: string;
}): JSX.Element {
  if (changes.length === 0) return <p class="empty">{caption}: nothing.</p>;
  return (
    <table class="change-table">
      <caption>{caption}</caption>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row">{visible(path)}</th>
            <td>
              {before === undefined ? null : <del>{textOf(before)}</del>}
              {after === undefined ? null : <ins>{textOf(after)}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function textOf(value: Json): string {
  const text = JSON.stringify(value, null, typeof value === 'object' ? 1 : 0);
  return visibleText(text.length > longest ? `${text.slice(0, longest)} …` : text);
}

const visibleText = (text: string): string => text.split('\n').map(visible).join('\n');
