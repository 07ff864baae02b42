import { entry } from './entry.js';

/** What the inspector refuses. */
export const inspectorErrors = {
  INSPECTOR_REFUSED: entry<{ reason: string }>(
    ({ reason }) => `The inspector does not answer this request: ${reason}.`,
    'Open the address that the inspector printed when it started, token included.',
  ),
  INSPECTOR_UNKNOWN: entry<{ what: string }>(
    ({ what }) => `The inspector knows no ${what}.`,
    'Go back to the history; what was removed since is not there any more.',
  ),
  INSPECTOR_REQUEST_INVALID: entry<{ reason: string }>(
    ({ reason }) => `The request to the inspector is not valid: ${reason}.`,
    'Send what docs/inspector.md describes.',
  ),
  ACTIONS_OFF: entry<{ reason: string }>(
    ({ reason }) => `Nothing can be done from here: ${reason}.`,
    'Start the inspector with --allow-actions on the project itself, or use the command line.',
  ),
  INSPECTOR_NOT_STARTED: entry<{ address: string; reason: string }>(
    ({ address, reason }) => `The inspector cannot listen on ${address}: ${reason}`,
    'Choose another --port or --host; without --port a free one is taken.',
  ),
  INSPECTOR_PAGE_MISSING: entry<{ file: string }>(
    ({ file }) => `The inspector's page was not built: ${JSON.stringify(file)} is missing.`,
    'Install the package again; in a clone of moult, run `npm run build`.',
  ),
} as const;
