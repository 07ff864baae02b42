import { MoultError } from '../../../src/errors/moult-error.js';

/** The MoultError that `action` throws; fails the test where it throws none, or something else. */
export function refusal(action: () => unknown): MoultError {
  try {
    action();
  } catch (error) {
    if (error instanceof MoultError) return error as MoultError;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

/** Runs `action`; a MoultError is a fine answer, any other error is not. */
export function onlyRefuses(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof MoultError)) throw error;
  }
}

/** Runs per property: enough to find a slip, few enough for every test run. */
export const fuzzRuns = 2_000;
