import type { ContractCase } from './contract-case.js';

/** What a contract makes for each case and puts away after it. */
export interface Subject {
  close?(): Promise<void> | void;
}

/** Makes cases that each work on a subject of their own, which is closed whatever happens. */
export function casesOf<Made extends Subject>(
  make: () => Promise<Made> | Made,
  cases: Readonly<Record<string, (subject: Made) => Promise<void>>>,
): ContractCase[] {
  return Object.entries(cases).map(([name, check]) => ({
    name,
    run: async () => {
      const subject = await make();
      try {
        await check(subject);
      } finally {
        await subject.close?.();
      }
    },
  }));
}
