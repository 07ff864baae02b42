import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { optionForKey } from './option-for-key.js';
import { VirtualRows } from './virtual-rows.js';

interface Props {
  /** Unique on the page: the options are named after it. */
  id: string;
  label: string;
  count: number;
  rowHeight: number;
  /** Position of the chosen option; -1 for none. */
  chosen: number;
  onChoose: (index: number) => void;
  option: (index: number) => ComponentChildren;
  /** More of the class of an option. */
  optionClass?: (index: number) => string;
  /** Enter, or a click on an option, does more than choose it. */
  onOpen?: (index: number) => void;
  /** What to say where there is no option. */
  empty: string;
}

/** A list to choose one from, by pointer or keyboard, of any length. */
export function OptionList(props: Props): JSX.Element {
  const { id, label, count, rowHeight, chosen, onChoose, onOpen, option, optionClass, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (scroller.current && chosen >= 0) scrollTo(scroller.current, chosen * rowHeight, rowHeight);
  }, [chosen, rowHeight, count === 0]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && chosen >= 0) onOpen?.(chosen);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const next =
      event.altKey || event.ctrlKey || event.metaKey
        ? null
        : optionForKey(event.key, { chosen, count, page });
    if (next === null) return;
    event.preventDefault();
    onChoose(next);
  };
  return (
    <div
      ref={scroller}
      id={id}
      class="option-list"
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={chosen >= 0 && count > 0 ? `${id}-${chosen}` : undefined}
      onKeyDown={onKeyDown}
    >
      {count === 0 ? (
        <p class="empty" role="option" aria-selected="false" aria-disabled="true">
          {empty}
        </p>
      ) : (
        <VirtualRows
          count={count}
          rowHeight={rowHeight}
          scroller={scroller}
          row={(index) => (
            <div
              key={index}
              id={`${id}-${index}`}
              class={`option ${optionClass?.(index) ?? ''}`}
              role="option"
              aria-selected={index === chosen}
              aria-setsize={count}
              aria-posinset={index + 1}
              style={{ height: `${rowHeight}px` }}
              onClick={() => (onOpen ?? onChoose)(index)}
            >
              {option(index)}
            </div>
          )}
        />
      )}
    </div>
  );
}

function scrollTo(element: HTMLElement, top: number, height: number): void {
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + height > element.scrollTop + element.clientHeight)
    element.scrollTop = top + height - element.clientHeight;
}
