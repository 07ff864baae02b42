import type { JSX } from 'preact';
import type { ActorInfo } from '../../protocol/live.js';
import { Badge } from '../elements/badge.js';
import { visible } from '../text/visible.js';

const looks = {
  active: { tone: 'run', icon: 'play' },
  done: { tone: 'good', icon: 'check' },
  error: { tone: 'bad', icon: 'cross' },
  stopped: { tone: 'idle', icon: 'stop' },
} as const;

export function ActorRow({ actor, actors }: { actor: ActorInfo; actors: readonly ActorInfo[] }): JSX.Element {
  const parent = actors.find(({ id }) => id === actor.parent);
  return (
    <>
      <span class="file-text">
        <span class="cut check-name">{visible(actor.name)}</span>
        <span class="cut muted">
          {visible(actor.state ?? '')}
          {parent ? ` · child of ${visible(parent.name)}` : ''}
        </span>
      </span>
      <Badge of="" text={actor.status} look={looks[actor.status]} />
    </>
  );
}
