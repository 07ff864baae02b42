import { deepStrictEqual, ok } from 'node:assert/strict';
import type { RestartPort, RestartRequest } from '../../restart/restart-port.js';
import { casesOf, type Subject } from './cases-of.js';
import type { ContractCase } from './contract-case.js';

export interface RestartSubject extends Subject {
  port: RestartPort;
  /** The reasons of the restarts that happened so far, in order. */
  restarts(): Promise<readonly string[]> | readonly string[];
  /** Lets this much time pass, or waits for it. */
  pass(ms: number): Promise<void> | void;
}

const request = (overrides: Partial<RestartRequest> = {}): RestartRequest => ({
  taskId: 'si-1',
  reason: 'Self-improvement: Greet everybody',
  delayMs: 300,
  notifySlack: false,
  ...overrides,
});

/** Longer than any delay of the cases, also where the time is real and the machine busy. */
const longEnoughMs = 3_000;

const cases: Record<string, (subject: RestartSubject) => Promise<void>> = {
  'restarts once, for the reason it was given': async (subject) => {
    await subject.port.scheduleRestart(request());
    await subject.pass(longEnoughMs);
    deepStrictEqual(await subject.restarts(), ['Self-improvement: Greet everybody']);
  },
  'answers before it restarts': async (subject) => {
    await subject.port.scheduleRestart(request({ delayMs: 1_000 }));
    deepStrictEqual(await subject.restarts(), []);
  },
  'restarts once where it is asked twice': async (subject) => {
    await subject.port.scheduleRestart(request());
    // It may refuse the second one, or make one of both.
    await Promise.resolve(subject.port.scheduleRestart(request({ reason: 'again' }))).catch(() => undefined);
    await subject.pass(longEnoughMs);
    deepStrictEqual((await subject.restarts()).length, 1);
  },
  'restarts without a delay as well': async (subject) => {
    await subject.port.scheduleRestart(request({ delayMs: 0 }));
    await subject.pass(longEnoughMs);
    ok((await subject.restarts()).length === 1, 'it did not restart');
  },
};

/** What a restart port must do: answer first, then restart once. */
export function restartContract(make: () => Promise<RestartSubject> | RestartSubject): ContractCase[] {
  return casesOf(make, cases);
}
