import type { LogPage } from '../../protocol/improvement.js';

/** A part of a log that is in memory. */
export interface LogWindow {
  /** Pages one after the other, without gaps. */
  pages: readonly LogPage[];
  /** The size of the log when it was last heard of. */
  sizeBytes: number;
}

/** A log of any size is looked at through at most this much. */
const mostBytes = 2 * 1024 * 1024;

/** How far back one step towards the beginning goes. */
export const stepBytes = 64 * 1024;

export const emptyLog: LogWindow = { pages: [], sizeBytes: 0 };

export function fromBytes({ pages }: LogWindow): number {
  return pages[0]?.fromBytes ?? 0;
}

export function toBytes({ pages }: LogWindow): number {
  return pages.at(-1)?.toBytes ?? 0;
}

/** Adds what follows; the beginning is let go where it becomes too much. */
export function withLater(window: LogWindow, page: LogPage): LogWindow {
  const follows = window.pages.length === 0 || page.fromBytes === toBytes(window);
  // What does not follow was asked for before something else came.
  if (!follows || page.toBytes === page.fromBytes) return { ...window, sizeBytes: page.sizeBytes };
  const pages = [...window.pages, page];
  while (pages.length > 1 && page.toBytes - pages[0]!.fromBytes > mostBytes) pages.shift();
  return { pages, sizeBytes: page.sizeBytes };
}

/** Adds what comes before, of which `page` may say more than is missing; the end is let go where it becomes too much. */
export function withEarlier(window: LogWindow, page: LogPage): LogWindow {
  const missing = upTo(page, fromBytes(window));
  if (missing === null) return window;
  const pages = [missing, ...window.pages];
  while (pages.length > 1 && pages.at(-1)!.toBytes - missing.fromBytes > mostBytes) pages.pop();
  return { pages, sizeBytes: page.sizeBytes };
}

/** The lines of the window. */
export function textOf({ pages }: LogWindow): string {
  return pages.map(({ text }) => text).join('');
}

/** The part of a page before `end`; null where it does not reach so far, or there is nothing. */
function upTo(page: LogPage, end: number): LogPage | null {
  if (page.toBytes < end || page.fromBytes >= end) return null;
  const bytes = new TextEncoder().encode(page.text).subarray(0, end - page.fromBytes);
  return { ...page, text: new TextDecoder().decode(bytes), toBytes: end };
}
