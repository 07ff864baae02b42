/** Drawn for this page, in a square of 16, with a line of 1.5. */
export const iconPaths = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4 4l8 8M12 4l-8 8',
  back: 'M6 3L3 6l3 3M3 6h6.5a3.5 3.5 0 010 7H6',
  pause: 'M6 4v8M10 4v8',
  play: 'M5.5 3.5l7 4.5-7 4.5z',
  stop: 'M4.5 4.5h7v7h-7z',
  slash: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM4.2 4.2l7.6 7.6',
  warning: 'M8 2.5L14 13H2zM8 6.5v3M8 11.3v.2',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  sun: 'M8 5.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13 9.6A5.5 5.5 0 016.4 3 5.5 5.5 0 1013 9.6z',
  half: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 2.5v11M8 5h4.5M8 8h5.4M8 11h4.5',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  fit: 'M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  left: 'M10 3.5L5.5 8l4.5 4.5',
  right: 'M6 3.5L10.5 8 6 12.5',
  bolt: 'M9 1.8L3.5 9H7.5L7 14.2 12.5 7H8.5z',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  bell: 'M4 11.5V7a4 4 0 018 0v4.5l1 1H3zM6.8 14h2.4',
  gear: 'M8 5.7a2.3 2.3 0 100 4.6 2.3 2.3 0 000-4.6zM8 2v1.6M8 12.4V14M2 8h1.6M12.4 8H14M3.8 3.8l1.1 1.1M11.1 11.1l1.1 1.1M3.8 12.2l1.1-1.1M11.1 4.9l1.1-1.1',
  state: 'M3 4.5A1.5 1.5 0 014.5 3h7A1.5 1.5 0 0113 4.5v7a1.5 1.5 0 01-1.5 1.5h-7A1.5 1.5 0 013 11.5z',
  person: 'M8 8a2.7 2.7 0 100-5.4A2.7 2.7 0 008 8zM3 13.5c.6-2.6 2.6-4 5-4s4.4 1.4 5 4',
} as const;

export type IconName = keyof typeof iconPaths;
