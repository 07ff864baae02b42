import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { FailureNote } from '../elements/failure-note.js';
import { VirtualRows } from '../list/virtual-rows.js';
import type { Source } from '../source/source.js';
import { byteSize } from '../text/byte-size.js';
import { visibleLines } from '../text/visible.js';
import { fromBytes, textOf, toBytes } from './log-window.js';
import { useLog } from './use-log.js';

interface Props {
  source: Source;
  address: string;
  sizeBytes: number;
  /** What to show where the log itself cannot be had. */
  fallback: string;
}

/** What a check printed, as it comes, as text whatever it is. */
export function LogView({ source, address, sizeBytes, fallback }: Props): JSX.Element {
  const log = useLog(source, address, sizeBytes);
  const { window, isFollowing } = log;
  const text = log.error === null ? textOf(window) : fallback;
  const lines = useMemo(() => withoutLastEmpty(visibleLines(text)), [text]);
  const scroller = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (isFollowing && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [lines, isFollowing]);
  const longest = useMemo(() => lines.reduce((most, line) => Math.max(most, line.length), 0), [lines]);
  const isAtStart = fromBytes(window) === 0;
  const isAtEnd = toBytes(window) >= window.sizeBytes;
  return (
    <>
      {log.error !== null && fallback === '' ? <FailureNote error={log.error} /> : null}
      <div class="log-tools">
        <span class="muted">
          {log.error !== null
            ? 'The last lines'
            : `${byteSize(fromBytes(window))} to ${byteSize(toBytes(window))} of ${byteSize(Math.max(sizeBytes, window.sizeBytes))}`}
        </span>
        <button type="button" class="button" disabled={isAtStart} onClick={log.showBeginning}>
          Beginning
        </button>
        <button type="button" class="button" disabled={isAtStart} onClick={log.showEarlier}>
          Earlier
        </button>
        <button type="button" class="button" disabled={isAtEnd} onClick={log.showLater}>
          Later
        </button>
        <button type="button" class="button" aria-pressed={isFollowing} onClick={log.showEnd}>
          End
        </button>
      </div>
      <div ref={scroller} class="scroller log" role="region" tabIndex={0} aria-label="Output of the check">
        {lines.length === 0 ? (
          <p class="empty">It has printed nothing.</p>
        ) : (
          <div class="mono" style={{ minWidth: `calc(${longest}ch + 24px)` }}>
            <VirtualRows
              count={lines.length}
              rowHeight={18}
              scroller={scroller}
              row={(index) => (
                <div key={index} class="log-line">
                  {lines[index]}
                </div>
              )}
            />
          </div>
        )}
      </div>
    </>
  );
}

function withoutLastEmpty(lines: string[]): string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
