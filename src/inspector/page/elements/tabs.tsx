import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';

interface Tab<Name extends string> {
  name: Name;
  label: string;
  /** A number beside the label. */
  amount?: number;
}

interface Props<Name extends string> {
  /** Unique on the page; the panel is `<id>-panel`. */
  id: string;
  label: string;
  tabs: readonly Tab<Name>[];
  chosen: Name;
  onChoose: (name: Name) => void;
}

/** Arrow keys go from tab to tab, as the pattern of the ARIA practices has it. */
export function Tabs<Name extends string>({ id, label, tabs, chosen, onChoose }: Props<Name>): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const choose = (index: number): void => {
    const tab = tabs[(index + tabs.length) % tabs.length]!;
    onChoose(tab.name);
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab.name}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ name }) => name === chosen);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map(({ name, label: text, amount }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${id}-${name}`}
          data-tab={name}
          class="tab"
          aria-selected={name === chosen}
          aria-controls={name === chosen ? `${id}-panel` : undefined}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {text}
          {amount === undefined ? null : <span class="amount">{amount.toLocaleString('en-US')}</span>}
        </button>
      ))}
    </div>
  );
}
