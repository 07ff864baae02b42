import { useEffect, useRef, useState } from 'preact/hooks';
import type { LogPage } from '../../protocol/improvement.js';
import type { Source } from '../source/source.js';
import {
  emptyLog,
  fromBytes,
  stepBytes,
  toBytes,
  withEarlier,
  withLater,
  type LogWindow,
} from './log-window.js';

export interface LogControl {
  window: LogWindow;
  error: unknown;
  /** The end is shown, and what comes. */
  isFollowing: boolean;
  showBeginning: () => void;
  showEarlier: () => void;
  showLater: () => void;
  showEnd: () => void;
}

/** Reads a log page by page; while its end is shown, what `sizeBytes` says to be new is read as it comes. */
export function useLog(source: Source, address: string, sizeBytes: number): LogControl {
  const [window, setWindow] = useState<LogWindow>(emptyLog);
  const [error, setError] = useState<unknown>(null);
  const [isFollowing, setIsFollowing] = useState(true);
  const isReading = useRef(false);

  const read = async (query: string, change: (page: LogPage) => void): Promise<void> => {
    if (isReading.current) return;
    isReading.current = true;
    try {
      change(await source.get<LogPage>(`${address}${query}`));
    } catch (refusal) {
      setError(refusal);
    } finally {
      isReading.current = false;
    }
  };
  const replaceWith = (page: LogPage): void => setWindow(withLater(emptyLog, page));
  const readLater = (): Promise<void> =>
    read(`?from=${toBytes(window)}`, (page) => setWindow((now) => withLater(now, page)));

  const isBehind = isFollowing && (window.pages.length === 0 || toBytes(window) < sizeBytes);
  useEffect(() => {
    if (!isBehind || sizeBytes === 0 || error !== null) return;
    if (window.pages.length === 0) void read('', replaceWith);
    else void readLater();
  }, [isBehind, sizeBytes, window]);

  return {
    window,
    error,
    isFollowing,
    showBeginning: () => {
      setIsFollowing(false);
      void read('?from=0', replaceWith);
    },
    showEarlier: () => {
      setIsFollowing(false);
      const from = Math.max(0, fromBytes(window) - stepBytes);
      void read(`?from=${from}`, (page) => setWindow((now) => withEarlier(now, page)));
    },
    showLater: () => void readLater(),
    showEnd: () => {
      setIsFollowing(true);
      void read('', replaceWith);
    },
  };
}
