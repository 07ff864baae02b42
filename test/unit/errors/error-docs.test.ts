import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable, type ErrorCode, type ErrorDetails } from '../../../src/errors/error-table.js';
import { MoultError } from '../../../src/errors/moult-error.js';

const repository = path.resolve(import.meta.dirname, '../../..');
const docs = readFileSync(path.join(repository, 'docs/errors.md'), 'utf8');
const source = (name: string) => readFileSync(path.join(repository, 'src/errors', name), 'utf8');
/** The table, with what it takes from other files in its place. */
const table = source('error-table.ts').replace(/^ {2}\.\.\.(\w+)Errors,$/gm, (_, group) =>
  source(`${group}-errors.ts`),
);
const codes = Object.keys(errorTable) as ErrorCode[];

const path1 = 'src/a b.ts';
const reason = 'for this reason';
const taskId = 'si-1700000000000';
const status = 'testing';
const issues = [
  { path: 'changes.0.file', message: 'must be a string' },
  { path: '', message: 'must be an object' },
];

/** Details that lead through each branch of an entry. */
const samples: { [Code in ErrorCode]: ErrorDetails<Code>[] } = {
  REQUEST_INVALID: [{ issues }],
  REQUEST_UNREADABLE: [{ source: 'request.json', reason }],
  NOTHING_TO_DO: [{ reason }],
  LIMIT_EXCEEDED: [
    { limit: 'files', found: 3, allowed: 2, path: null },
    { limit: 'fileBytes', found: 3, allowed: 2, path: path1 },
  ],
  CHANGE_WITHOUT_CONTENT: [{ paths: [path1] }],
  EDITOR_CONTENT_INVALID: [{ path: path1, reason }],
  EDIT_NOT_UNIQUE: [0, 2].map((count) => ({ path: path1, edit: 1, count, oldText: 'x\n' })),
  PATCH_REJECTED: [{ path: path1, reason }],
  NOT_TEXT: [{ path: path1 }],
  PATH_INVALID: [{ path: path1, reason }],
  PATH_PROTECTED: [{ path: path1, reason }],
  PATH_THROUGH_LINK: [{ path: path1, link: 'src' }],
  PATH_DUPLICATE: (['same', 'spelling', 'below'] as const).map((relation) => ({
    path: path1,
    other: 'src',
    relation,
  })),
  PATH_NOT_A_FILE: [{ path: path1, kind: 'directory' }],
  PATH_IS_LINK: [{ path: path1, target: '../b' }],
  FILE_EXISTS: [{ path: path1 }],
  FILE_MISSING: ['delete', 'modify'].map((type) => ({ path: path1, type })),
  FILE_UNREADABLE: [{ path: path1, reason }],
  NOT_A_PROJECT: [{ root: '/project', reason }],
  CONFIG_INVALID: [{ source: 'moult.config.json', issues }],
  CONFIG_UNREADABLE: [{ source: 'moult.config.json', reason }],
  CONFIG_EXISTS: [{ source: 'moult.config.json' }],
  CHECK_COMMAND_INVALID: [{ name: 'lint', reason }],
  NO_CHECKS: [{ reason }],
  NO_TASK: [{}],
  TASK_UNKNOWN: [{ taskId }],
  TASK_ACTIVE: ['awaiting_confirmation', status].map((state) => ({ taskId, status: state })),
  TASK_FINISHED: [{ taskId, status }],
  TASK_WRONG_STATE: [{ taskId, status, action: 'approved' }],
  APPROVAL_REQUIRED: [{ taskId }],
  PERSON_REQUIRED: [{ taskId, action: 'confirm' }],
  APPROVAL_VOID: [{ taskId }],
  APPROVAL_FORBIDDEN: [{ taskId, origin: 'mcp' }],
  PLAN_STALE: [{ paths: [path1, 'b'] }],
  EDITOR_MISSING: [{ paths: [path1] }],
  CANCEL_TOO_LATE: [{ taskId, status }],
  EDIT_CONFLICT: [{ paths: [path1] }],
  UNDECLARED_CHANGES: [{ paths: [path1] }],
  WITNESS_MISSING: [{ reason }],
  ARTIFACTS_TOO_LARGE: [['dist'], [...'abcdef']].map((paths) => ({ paths, foundBytes: 3, allowedBytes: 2 })),
  APPLY_FAILED: [{ path: path1, reason }],
  RESTART_NOT_SCHEDULED: [{ taskId: 'si-1', reason }],
  VALIDATION_FAILED: [{ checks: [] }, { checks: ['test'] }],
  ROLLBACK_CONFLICT: [{ taskId, paths: [path1] }],
  ROLLBACK_FAILED: [null, '/state/before/0'].map((savedAt) => ({
    taskId,
    paths: [{ path: path1, reason, savedAt }],
  })),
  NOTHING_TO_ROLL_BACK: [{ taskId, status }],
  NOTICES_OFF: [{}],
  NOTICE_PACKAGE_MISSING: [{ packageName: '@slack/web-api', key: 'notify.slack' }],
  NOTICE_SECRET_MISSING: [
    { variable: 'SLACK_BOT_TOKEN', key: 'notify.slack.tokenEnv', reason: 'is not set' },
  ],
  NOTICE_NOT_DELIVERED: (['soon', 'once-mended', 'never'] as const).map((retry) => ({
    ...{ target: 'Slack', reason, outcome: 'refused' as const, retry },
  })),
  INTERACTION_REFUSED: [{ reason }],
  NOT_CONFIRMED: [{ taskId, reason }],
  RESTART_PENDING: [{ restartId: 'rs-1', reason }],
  RESTART_UNAVAILABLE: [{ strategy: 'supervised', reason }],
  GUARD_RUNNING: [{ pid: 42, since: '2026-01-02T03:04:05.000Z' }],
  GUARD_NOT_BUILT: [{ places: ['/dist/guard.mjs'] }],
  SAFE_MODE: [{ file: '/state/SAFE-MODE.txt' }],
  PROGRAM_EXITED: [{ exit: 'exited with code 1', phase: 'before it was ready' }],
  PROGRAM_NOT_READY: [null, 'status 500'].map((last) => ({ withinMs: 1000, wanted: 'no answer', last })),
  PROGRAM_UNHEALTHY: [{ reason }],
  PROGRAM_NOT_STOPPED: [{ pid: 42 }],
  LOCK_HELD: [{ pid: 42, since: '2026-01-02T03:04:05.000Z' }],
  LOCK_FOREIGN: [{ host: 'elsewhere', pid: 42, since: '2026-01-02T03:04:05.000Z' }],
  LOCK_LOST: [{ token: 1, highest: 2 }],
  STATE_UNREADABLE: [null, '/state/before'].map((saved) => ({ file: '/state/task', reason, saved })),
  STATE_TOO_NEW: [{ file: '/state/task', found: '2', supported: '1' }],
  STATE_NOT_SAVED: [{ file: '/state/task', reason }],
  STATE_LOST: [{ directory: '/state' }],
  STATE_LINKED: [{ directory: '/state' }],
  SYSTEM_CALL_FAILED: ['/state/task', null].map((path) => ({ call: 'link', path, reason })),
  GIT_FAILED: [{ command: 'status', reason }],
  GIT_MISSING: [{}],
  REPOSITORY_BROKEN: [{ file: '/project/.git', reason }],
  INSPECTOR_REFUSED: [{ reason }],
  INSPECTOR_UNKNOWN: [{ what: 'check 7' }],
  INSPECTOR_REQUEST_INVALID: [{ reason }],
  ACTIONS_OFF: [{ reason }],
  INSPECTOR_NOT_STARTED: [{ address: '127.0.0.1:80', reason }],
  INSPECTOR_PAGE_MISSING: [{ file: '/moult/dist/inspector-page/page.js' }],
  MODEL_INLINE_ACTOR: [{ state: 'machine.working', actor: 'work' }],
};

const cases = codes.flatMap((code) =>
  (samples[code] as ErrorDetails<ErrorCode>[] | undefined)?.map((details) => ({ code, details })),
);

describe('docs/errors.md', () => {
  it('lists the codes of the table, in its groups and its order', () => {
    expect(outline(docs, /^## (.+)$/, /^\| `([A-Z_]+)`/)).toEqual(
      outline(table, /^ {2}\/\/ (.+)$/, /^ {2}([A-Z_]+): entry/),
    );
    expect(outline(docs, /^(?!)/, /^\| `([A-Z_]+)`/)).toEqual(codes);
  });

  it('says of every code what it means and what to do', () => {
    const rows = docs.split('\n').filter((line) => /^\| `/.test(line));
    const incomplete = rows.filter((row) => {
      const cells = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return (
        cells.length !== 3 ||
        cells.some((cell) => cell === '') ||
        !cells.slice(1).every((c) => c.endsWith('.'))
      );
    });
    expect(incomplete).toEqual([]);
    expect(rows).toHaveLength(codes.length);
  });
});

describe('every code', () => {
  it('has sample details in this test', () => {
    expect(Object.keys(samples).sort()).toEqual([...codes].sort());
  });

  it.each(cases)('$code has a message and a remedy made of whole sentences: $details', (sample) => {
    const { code, details } = sample!;
    const { message, remedy } = new MoultError(code, details);
    expect(message).not.toMatch(/undefined|\[object|NaN|function|^\s*$/);
    expect(remedy).not.toMatch(/undefined|\[object|NaN|function|^\s*$/);
    expect(remedy).toMatch(/[.]$/);
  });

  it.each(cases)('$code survives as JSON: $details', (sample) => {
    const { code, details } = sample!;
    const error = new MoultError(code, details, { cause: new Error('the cause') });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code,
      message: error.message,
      remedy: error.remedy,
      details,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('MoultError');
    expect((error.cause as Error).message).toBe('the cause');
  });

  it('names the facts it was given', () => {
    const texts = (details: unknown): string[] =>
      typeof details === 'string' || typeof details === 'number'
        ? [String(details)]
        : Object.values(details ?? {}).flatMap(texts);
    const silent = cases.filter((sample) => {
      const { message, remedy } = new MoultError(sample!.code, sample!.details);
      const said = `${message} ${remedy}`;
      const facts = texts(sample!.details);
      return facts.length > 0 && !facts.some((fact) => said.includes(fact));
    });
    expect(silent).toEqual([]);
  });

  it('is thrown or reported somewhere', () => {
    const sources = sourceTexts(path.join(repository, 'src')).join('\n');
    expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });
});

/** Headings and codes, in their order. */
function outline(text: string, heading: RegExp, code: RegExp): string[] {
  return text.split('\n').flatMap((line) => {
    const found = heading.exec(line) ?? code.exec(line);
    return found?.[1] === undefined ? [] : [found[1]];
  });
}

function sourceTexts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        entry.name.endsWith('.ts') &&
        !/^(error-table|(notice|inspector|restart)-errors)\.ts$/.test(entry.name),
    )
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
}
