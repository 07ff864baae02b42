import { useEffect, useState } from 'preact/hooks';
import type { Source } from './source.js';

export type Answer<Value> =
  { status: 'waiting' } | { status: 'here'; value: Value } | { status: 'failed'; error: unknown };

/** The answer to a question; asked again where the question or `version` is another. */
export function useAnswer<Value>(source: Source, address: string, version?: unknown): Answer<Value> {
  const [answer, setAnswer] = useState<{ address: string; answer: Answer<Value> } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const set = (next: Answer<Value>): void => {
      if (isCurrent) setAnswer({ address, answer: next });
    };
    source.get<Value>(address).then(
      (value) => set({ status: 'here', value }),
      (error: unknown) => set({ status: 'failed', error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [source, address, version]);
  // An answer to the question before says nothing about this one.
  return answer?.address === address ? answer.answer : { status: 'waiting' };
}
