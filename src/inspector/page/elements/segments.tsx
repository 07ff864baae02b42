import type { JSX } from 'preact';

interface Props<Name extends string> {
  label: string;
  choices: readonly { name: Name; label: string }[];
  chosen: Name;
  onChoose: (name: Name) => void;
}

/** A few buttons of which one is pressed. */
export function Segments<Name extends string>({
  label,
  choices,
  chosen,
  onChoose,
}: Props<Name>): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={label}>
      {choices.map(({ name, label: text }) => (
        <button
          key={name}
          type="button"
          class="button"
          aria-pressed={name === chosen}
          onClick={() => onChoose(name)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
