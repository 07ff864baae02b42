import type { JSX } from 'preact';
import { visible } from '../text/visible.js';
import type { SequenceRow } from './sequence-rows.js';

interface Props {
  row: SequenceRow;
  lanes: readonly string[];
  laneWidth: number;
  height: number;
}

/** The names of states, on the first lane, are wider than a lane. */
export const firstLaneIndent = 56;

const longest = 44;

export function SequenceLine({ row, lanes, laneWidth, height }: Props): JSX.Element {
  const centre = (lane: string): number => firstLaneIndent + (lanes.indexOf(lane) + 0.5) * laneWidth;
  const [from, to] = [centre(row.from), centre(row.to)];
  const middle = height / 2 + 5;
  const words = visible(row.text);
  const text = words.length > longest ? `${words.slice(0, longest)}…` : words;
  return (
    <svg
      class={`sequence-line tone-${row.tone} ${row.kind}`}
      width={firstLaneIndent + lanes.length * laneWidth}
      height={height}
      role="img"
      aria-label={`${visible(row.from)} to ${visible(row.to)}: ${words}`}
    >
      {lanes.map((lane) => (
        <line key={lane} class="lifeline" x1={centre(lane)} x2={centre(lane)} y1={0} y2={height} />
      ))}
      {row.kind === 'state' ? (
        <State at={from} text={text} height={height} />
      ) : (
        <>
          <path class="message" d={lineBetween(from, to, middle)} />
          <path class="head" d={head(from, to, middle)} />
          <text
            x={from === to ? from + 22 : (from + to) / 2}
            y={middle - 5}
            text-anchor={from === to ? 'start' : 'middle'}
          >
            {text}
          </text>
        </>
      )}
    </svg>
  );
}

function State({ at, text, height }: { at: number; text: string; height: number }): JSX.Element {
  const width = text.length * 7 + 18;
  return (
    <>
      <rect
        class="state"
        x={at - width / 2}
        y={5}
        width={width}
        height={height - 10}
        rx={(height - 10) / 2}
      />
      <text class="state-text" x={at} y={height / 2 + 4} text-anchor="middle">
        {text}
      </text>
    </>
  );
}

function lineBetween(from: number, to: number, y: number): string {
  return from === to ? `M${from} ${y - 9}h16v9h-12` : `M${from} ${y}H${to - Math.sign(to - from) * 6}`;
}

function head(from: number, to: number, y: number): string {
  if (from === to) return `M${to} ${y}l7 -4v8z`;
  const back = -Math.sign(to - from) * 7;
  return `M${to} ${y}l${back} -4v8z`;
}
