import type { JSX } from 'preact';
import { iconPaths, type IconName } from './icon-paths.js';

/** Always beside text that says the same, so it is hidden from screen readers. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={iconPaths[name]} />
    </svg>
  );
}
