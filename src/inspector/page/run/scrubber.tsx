import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { TimelineEntry } from '../../protocol/timeline.js';
import { Icon } from '../elements/icon.js';
import { clockTime } from '../text/clock-time.js';
import { wordsOf } from '../text/words-of.js';
import { stateSpans } from './state-spans.js';

interface Props {
  entries: readonly TimelineEntry[];
  count: number;
  /** Position of the moment that is shown. */
  index: number;
  /** The newest is shown, and whatever comes. */
  isNewest: boolean;
  /** Whether there can come more. */
  isLive: boolean;
  state: string | null;
  /** Null for the newest. */
  onChoose: (index: number | null) => void;
}

/** Goes through the moments of an improvement, by pointer or keyboard. */
export function Scrubber(props: Props): JSX.Element {
  const { entries, count, index, isNewest, isLive, state, onChoose } = props;
  const spans = useMemo(() => stateSpans(entries), [entries, count]);
  const last = Math.max(0, count - 1);
  const at = entries[index]?.at;
  const choose = (next: number): void => onChoose(next >= last ? null : Math.max(0, next));
  const text = `${index + 1} of ${count}${state === null ? '' : `, ${wordsOf(state)}`}`;
  return (
    <section class="scrubber" aria-label="Moments">
      <button
        type="button"
        class="button icon-only"
        aria-label="Step back"
        disabled={index <= 0}
        onClick={() => choose(index - 1)}
      >
        <Icon name="left" />
      </button>
      <button
        type="button"
        class="button icon-only"
        aria-label="Step on"
        disabled={isNewest}
        onClick={() => choose(index + 1)}
      >
        <Icon name="right" />
      </button>
      <div class="scrubber-track">
        <div class="spans" aria-hidden="true">
          {spans.map(({ from, to, tone, state: name }) => (
            <span key={from} class={`span tone-${tone}`} title={name} style={{ flexGrow: to - from }} />
          ))}
        </div>
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={text}
          min={0}
          max={last}
          value={Math.max(0, index)}
          onInput={(event) => choose(Number(event.currentTarget.value))}
        />
      </div>
      <output class="scrubber-text">
        <strong class="cut">{state === null ? 'not begun' : wordsOf(state)}</strong>
        <span class="muted nowrap">
          {index + 1} / {count.toLocaleString('en-US')} {at === undefined ? '' : ` · ${clockTime(at)}`}
        </span>
      </output>
      <button type="button" class="button newest" aria-pressed={isNewest} onClick={() => onChoose(null)}>
        <span class={isLive && isNewest ? 'live-dot' : 'live-dot off'} />
        {isLive ? 'Live' : 'Newest'}
      </button>
    </section>
  );
}
