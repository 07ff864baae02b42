import type { JSX } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { Icon } from '../elements/icon.js';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];
const icons = { system: 'half', light: 'sun', dark: 'moon' } as const;
const key = 'moult-theme';

/** As the system has it, light, or dark. */
export function ThemeButton(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(readTheme);
  useLayoutEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  return (
    <button
      type="button"
      class="button quiet icon-only"
      aria-label={`Theme: ${theme}. Change to ${next}`}
      title={`Theme: ${theme}`}
      onClick={() => {
        setTheme(next);
        keepTheme(next);
      }}
    >
      <Icon name={icons[theme]} />
    </button>
  );
}

/** A page in a file or a strict browser may have no storage: then the choice lasts as long as the page. */
function readTheme(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(key)) ?? 'system';
  } catch {
    return 'system';
  }
}

function keepTheme(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Not kept then: it is a matter of taste, and nothing depends on it.
  }
}
