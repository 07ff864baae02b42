/**
 * What the inspector's server and its page say to each other; the page knows this folder and nothing else of moult.
 *
 * The address of the page is `http://127.0.0.1:PORT/TOKEN/`; whoever knows the token is in, there is no cookie. All
 * addresses below are relative to the page:
 *
 * | address | answers |
 * | --- | --- |
 * | `api/session` | `Session` |
 * | `api/improvements` | `History` |
 * | `api/improvements/ID` | `Improvement` |
 * | `api/improvements/ID/files/INDEX` | `FileContents` |
 * | `api/improvements/ID/timeline[?after=CURSOR]` | `TimelinePage`, from the beginning or behind a cursor |
 * | `api/improvements/ID/checks/INDEX/log[?from=BYTES]` | `LogPage`, the end of the log or what follows `from` |
 * | `api/charts/CHART` | `Chart` |
 * | `api/actors` | `ActorInfo[]` (mode `actors`) |
 * | `api/actors/timeline[?after=CURSOR]` | `TimelinePage` of all actors (mode `actors`) |
 * | `api/events[?task=ID][&after=CURSOR]` | server-sent events: `LiveMessage` |
 * | POST `api/improvements/ID/actions/ACTION` with `ActionRequest` | `ActionAnswer` |
 * | POST `api/actors/ACTOR/events` with `SentEvent` | `ActionAnswer` |
 *
 * What is refused answers `Refusal` with a status of 4xx or 5xx. Times are ISO 8601, sizes bytes, durations milliseconds.
 * Every text may come from a model or a program: it is shown as text, never as markup. Secrets are masked by the server.
 */

/** Raised when a page of an older version could not read an answer. */
export const protocolVersion = 1;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Refusal {
  error: { code: string; message: string; remedy: string };
}

export interface Session {
  protocol: number;
  /** `project`: improvements of one project; `actors`: an actor of the user and its children, no improvement. */
  mode: 'project' | 'actors';
  /** The name of the project's folder, or the id of the root actor. */
  title: string;
  /** Of moult. */
  version: string;
  /** False: every action is greyed. */
  actionsAllowed: boolean;
  /** Whether there is a server: false in a report that was written to a file; see `Report`. */
  live: boolean;
  /** The improvement that was asked for (`moult inspect TASK`); null: show the history. */
  task: string | null;
}

/**
 * A report in one file has its answers in `<script type="application/json" id="moult-report">`: each by its address, as
 * it would be fetched, without a query. What is not in it is not in the report.
 */
export interface Report {
  answers: Record<string, Json>;
}
