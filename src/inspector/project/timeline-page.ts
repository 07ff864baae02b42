import { z } from 'zod';
import type { FileSystem } from '../../ports/file-system.js';
import type { TaskFolder } from '../../store/task-folder.js';
import type { TimelineEntry, TimelinePage } from '../protocol/timeline.js';
import { readLines, type NumberedLine } from './read-lines.js';

const cursorPattern = /^(\d{1,15})\.(\d{1,15})$/;
const level = z.enum(['low', 'normal', 'high', 'critical']);
const json = z.json();
/** A name that is not known is passed over, as an unknown kind is. */
const machine = z.literal('restart').optional();

/** Lines of the timeline as they are shown. It may have been written by another version, or by somebody else. */
const recordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('process'),
    machine,
    at: z.string(),
    pid: z.number(),
    begins: z.enum(['new', 'restored', 'undo']),
  }),
  z.object({
    kind: z.literal('event'),
    machine,
    at: z.string(),
    type: z.string(),
    from: z.string().nullable(),
    event: json,
  }),
  z.object({
    kind: z.literal('state'),
    machine,
    at: z.string(),
    state: z.string(),
    event: z.string(),
    edges: z.array(z.string()),
    changes: z.record(z.string(), json),
  }),
  z.object({
    kind: z.literal('effect'),
    machine,
    at: z.string(),
    phase: z.enum(['start', 'end']),
    actor: z.string(),
    outcome: z.enum(['done', 'failed', 'stopped']).optional(),
    durationMs: z.number().optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
  z.object({
    kind: z.literal('check'),
    at: z.string(),
    phase: z.enum(['start', 'end']),
    name: z.string(),
    status: z.enum(['passed', 'failed', 'timed_out', 'not_run']).optional(),
    durationMs: z.number().optional(),
  }),
  z.object({
    kind: z.literal('notice'),
    at: z.string(),
    milestone: z.string(),
    title: z.string(),
    message: z.string(),
    urgency: level,
  }),
  z.object({ kind: z.literal('full'), at: z.string() }),
]);

/** A line of the journal behind its checksum, as far as it is shown. */
const journalSchema = z.object({
  seq: z.number(),
  at: z.string(),
  body: z.object({ type: z.string(), index: z.number().optional() }),
});

export interface TimelineOf {
  folder: TaskFolder;
  /** The planned paths. */
  paths: readonly string[];
  /** The names of the checks. */
  checks: readonly string[];
}

/**
 * What happened to an improvement, its timeline and its journal in one, by time. The cursor says how far each was read, so
 * that nothing is read twice and nothing is missed, also where the files grow meanwhile.
 */
export async function timelinePage(
  fileSystem: Pick<FileSystem, 'open'>,
  { folder, paths, checks }: TimelineOf,
  after: string | null,
): Promise<TimelinePage> {
  const [, timelineFrom = 0, journalFrom = 0] = (cursorPattern.exec(after ?? '') ?? []).map(Number);
  const [timeline, journal] = await Promise.all([
    readLines(fileSystem, folder.timeline, timelineFrom),
    readLines(fileSystem, folder.journal, journalFrom),
  ]);
  const happened = timeline.lines.flatMap((line) => timelineEntry(line, checks));
  const written = journal.lines.flatMap((line) => journalEntry(line, paths));
  // Behind the end of a chunk there may be what was earlier than what the other file has next.
  const until = earlier(
    timeline.more ? happened.at(-1) : undefined,
    journal.more ? written.at(-1) : undefined,
  );
  const [shown, timelineTo] = upTo(until, happened, timeline.toBytes);
  const [shownToo, journalTo] = upTo(until, written, journal.toBytes);
  return {
    entries: [...shown, ...shownToo].map(({ entry }) => entry).sort(byTime),
    cursor: `${timelineTo}.${journalTo}`,
    more: timeline.more || journal.more,
  };
}

/** All that is on disk, page by page. */
export async function* timelinePages(
  fileSystem: Pick<FileSystem, 'open'>,
  of: TimelineOf,
  after: string | null,
): AsyncGenerator<TimelinePage> {
  for (let cursor = after; ;) {
    const page = await timelinePage(fileSystem, of, cursor);
    yield page;
    if (!page.more) return;
    cursor = page.cursor;
  }
}

interface Placed {
  entry: TimelineEntry;
  fromBytes: number;
}

function timelineEntry({ fromBytes, text }: NumberedLine, checks: readonly string[]): Placed[] {
  const parsed = recordSchema.safeParse(parsedOrNull(text));
  if (!parsed.success) return [];
  const entry = shownEntry(`t${fromBytes}`, parsed.data, checks);
  return [{ fromBytes, entry }];
}

function shownEntry(
  key: string,
  record: z.infer<typeof recordSchema>,
  checks: readonly string[],
): TimelineEntry {
  if (record.kind === 'check') return { key, ...record, check: checks.indexOf(record.name) };
  if (record.kind === 'notice' || record.kind === 'full') return { key, ...record };
  const { machine: actor = 'improvement', ...told } = record;
  if (told.kind === 'effect') return { key, ...told, of: actor };
  if (told.kind !== 'state') return { key, ...told, actor };
  return { key, ...told, actor, chart: actor, active: nodesOf(actor, told.state), removed: [] };
}

/** `a.b` of `machine` is in `machine`, `machine.a` and `machine.a.b`. */
function nodesOf(machine: string, state: string): string[] {
  const keys = [machine, ...state.split('.')];
  return keys.map((_, index) => keys.slice(0, index + 1).join('.'));
}

function journalEntry({ fromBytes, text }: NumberedLine, paths: readonly string[]): Placed[] {
  const parsed = journalSchema.safeParse(parsedOrNull(text.slice(text.indexOf(' ') + 1)));
  if (!parsed.success) return [];
  const { at, body } = parsed.data;
  const { type, index = null } = body;
  const path = index === null ? null : (paths[index] ?? null);
  return [{ fromBytes, entry: { key: `j${fromBytes}`, at, kind: 'journal', type, index, path } }];
}

/** What is not later than `until`, and where the rest begins. */
function upTo(until: string | null, placed: Placed[], toBytes: number): [Placed[], number] {
  const rest = until === null ? undefined : placed.find(({ entry }) => entry.at > until);
  if (rest === undefined) return [placed, toBytes];
  return [placed.slice(0, placed.indexOf(rest)), rest.fromBytes];
}

function earlier(one: Placed | undefined, other: Placed | undefined): string | null {
  const times = [one, other].flatMap((placed) => (placed ? [placed.entry.at] : []));
  return times.sort()[0] ?? null;
}

function byTime(a: TimelineEntry, b: TimelineEntry): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
