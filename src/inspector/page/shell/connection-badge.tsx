import type { JSX } from 'preact';
import type { Connection } from '../source/source.js';

const words: Record<Connection, string> = {
  connecting: 'Connecting …',
  live: 'Live',
  ended: 'The inspector has ended',
  report: 'Report',
};
const tones: Record<Connection, string> = { connecting: 'wait', live: 'good', ended: 'bad', report: 'idle' };

export function ConnectionBadge({ connection }: { connection: Connection }): JSX.Element {
  return (
    <span class={`connection tone-${tones[connection]}`} role="status">
      <span class="connection-dot" />
      <span class="connection-text">{words[connection]}</span>
    </span>
  );
}
