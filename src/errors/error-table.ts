import { entry, type Entry } from './entry.js';
import { gitErrors } from './git-errors.js';
import { inspectorErrors } from './inspector-errors.js';
import { listed } from './listed.js';
import { noticeErrors } from './notice-errors.js';
import { outsideErrors } from './outside-errors.js';
import { restartErrors } from './restart-errors.js';

/** One line of a validation report: where in the input, and what is wrong there. */
export interface InputIssue {
  /** Dotted path into the input, as `changes.0.file`; empty for the whole. */
  path: string;
  message: string;
}

const issueLines = (issues: readonly InputIssue[]) =>
  issues.map((issue) => `\n  ${issue.path === '' ? '(whole input)' : issue.path}: ${issue.message}`).join('');

/**
 * Every error the project throws, in one place. `docs/errors.md` explains each; a test holds the two together.
 * Codes are stable: programs branch on them.
 */
export const errorTable = {
  // The request
  REQUEST_INVALID: entry<{ issues: InputIssue[] }>(
    ({ issues }) => `The improvement request is not valid:${issueLines(issues)}`,
    'Correct the fields named above; the README shows a whole request.',
  ),
  REQUEST_UNREADABLE: entry<{ source: string; reason: string }>(
    ({ source, reason }) => `The request ${source} cannot be read: ${reason}`,
    'Give the path of a JSON file, or - to read it from standard input.',
  ),
  NOTHING_TO_DO: entry<{ reason: string }>(
    ({ reason }) => `The plan changes nothing: ${reason}`,
    'Plan at least one change whose result differs from what is there.',
  ),
  LIMIT_EXCEEDED: entry<{ limit: string; found: number; allowed: number; path: string | null }>(
    ({ limit, found, allowed, path }) =>
      `${path === null ? 'The plan' : JSON.stringify(path)} is larger than it may be: ${found.toLocaleString('en-US')} ${limit === 'files' ? 'files' : 'bytes'}, where limits.${limit} allows ${allowed.toLocaleString('en-US')}.`,
    ({ limit }) => `Plan it in parts; or raise limits.${limit} in the configuration, if it is meant.`,
  ),
  CHANGE_WITHOUT_CONTENT: entry<{ paths: string[] }>(
    ({ paths }) => `No new content was given for ${listed(paths)}.`,
    'Give each change one of content, contentBase64, edits, patch, symlink or mode; in the library, an `editor` option can supply it.',
  ),
  EDITOR_CONTENT_INVALID: entry<{ path: string; reason: string }>(
    ({ path, reason }) => `The editor's answer for ${JSON.stringify(path)} cannot be used: ${reason}`,
    'Return { content } as a string or bytes from the editor.',
  ),
  EDIT_NOT_UNIQUE: entry<{ path: string; edit: number; count: number; oldText: string }>(
    ({ path, edit, count, oldText }) =>
      `Edit ${edit} of ${JSON.stringify(path)}: oldText must occur exactly once, but it occurs ${count} times: ${JSON.stringify(oldText)}`,
    ({ count }) =>
      count === 0
        ? 'Copy oldText from the file as it is now, white space and line ends included.'
        : 'Add lines around it to oldText until it occurs only once.',
  ),
  PATCH_REJECTED: entry<{ path: string; reason: string }>(
    ({ path, reason }) => `The patch for ${JSON.stringify(path)} does not apply: ${reason}`,
    'Make the unified diff against the file as it is now.',
  ),
  NOT_TEXT: entry<{ path: string }>(
    ({ path }) => `${JSON.stringify(path)} is not UTF-8 text, so edits and patches cannot be applied to it.`,
    'Give the whole new file as contentBase64.',
  ),

  // Paths
  PATH_INVALID: entry<{ path: string; reason: string }>(
    ({ path, reason }) => `${JSON.stringify(path)} is not a path inside the project: ${reason}`,
    'Write paths relative to the project root, with forward slashes, as src/a.ts.',
  ),
  PATH_PROTECTED: entry<{ path: string; reason: string }>(
    ({ path, reason }) => `${JSON.stringify(path)} must not be changed by an improvement: ${reason}`,
    'Take it out of the plan; a person changes such files by hand.',
  ),
  PATH_THROUGH_LINK: entry<{ path: string; link: string }>(
    ({ path, link }) => `${JSON.stringify(path)} leads through the symbolic link ${JSON.stringify(link)}.`,
    'Name the file by its real place in the project.',
  ),
  PATH_DUPLICATE: entry<{ path: string; other: string; relation: 'same' | 'spelling' | 'below' }>(
    ({ path, other, relation }) =>
      relation === 'same'
        ? `${JSON.stringify(path)} is changed more than once in this plan.`
        : `${JSON.stringify(path)} and ${JSON.stringify(other)} cannot both be changed: ${relation === 'below' ? 'one lies below the other' : 'on some systems they are one file'}.`,
    'Plan one change per path.',
  ),
  PATH_NOT_A_FILE: entry<{ path: string; kind: string }>(
    ({ path, kind }) => `${JSON.stringify(path)} is a ${kind}, not a file.`,
    'Plan changes to regular files and symbolic links only.',
  ),
  PATH_IS_LINK: entry<{ path: string; target: string }>(
    ({ path, target }) =>
      `${JSON.stringify(path)} is a symbolic link to ${JSON.stringify(target)}; its content was to be modified.`,
    'Change the file it points to, or give `mode` as well to put a regular file in its place.',
  ),
  FILE_EXISTS: entry<{ path: string }>(
    ({ path }) => `${JSON.stringify(path)} was to be created, but it exists.`,
    'Use type "modify", or another name.',
  ),
  FILE_MISSING: entry<{ path: string; type: string }>(
    ({ path, type }) =>
      `${JSON.stringify(path)} was to be ${type === 'delete' ? 'deleted' : 'modified'}, but it does not exist.`,
    ({ type }) =>
      type === 'delete' ? 'Take the change out of the plan.' : 'Use type "create", or correct the name.',
  ),
  FILE_UNREADABLE: entry<{ path: string; reason: string }>(
    ({ path, reason }) => `${JSON.stringify(path)} cannot be read: ${reason}`,
    'Give the user who runs this the right to read it.',
  ),

  // Project and configuration
  NOT_A_PROJECT: entry<{ root: string; reason: string }>(
    ({ root, reason }) => `${JSON.stringify(root)} is not a project: ${reason}`,
    'Start in a folder with a git repository, a package.json or a moult.config.json, or name one with --root.',
  ),
  CONFIG_INVALID: entry<{ source: string; issues: InputIssue[] }>(
    ({ source, issues }) => `The configuration in ${source} is not valid:${issueLines(issues)}`,
    'Correct the keys named above; `moult init` writes a valid configuration.',
  ),
  CONFIG_UNREADABLE: entry<{ source: string; reason: string }>(
    ({ source, reason }) => `The configuration ${source} cannot be read: ${reason}`,
    'Correct the file, or delete it and run `moult init`.',
  ),
  CONFIG_EXISTS: entry<{ source: string }>(
    ({ source }) => `There is a configuration already: ${source}`,
    'Edit it, or delete it first.',
  ),
  CHECK_COMMAND_INVALID: entry<{ name: string; reason: string }>(
    ({ name, reason }) => `The command of the check ${JSON.stringify(name)} cannot be used: ${reason}`,
    'Write a program and its arguments, with quotes around what holds blanks or special characters; for a command that needs a shell, set "shell": true.',
  ),
  NO_CHECKS: entry<{ reason: string }>(
    ({ reason }) => `Nothing would judge the change: ${reason}`,
    'Give package.json a build, lint or test script, or list `checks` in moult.config.json (`moult init` writes one).',
  ),

  // Tasks
  NO_TASK: entry<Record<string, never>>(
    () => 'No improvement task planned',
    'Plan one first: planImprovement(request), or `moult plan REQUEST`.',
  ),
  TASK_UNKNOWN: entry<{ taskId: string }>(
    ({ taskId }) => `There is no improvement ${JSON.stringify(taskId)} in this project.`,
    '`moult history` lists them.',
  ),
  TASK_ACTIVE: entry<{ taskId: string; status: string }>(
    ({ taskId, status }) => `Another improvement is under way: ${taskId} (${status}).`,
    ({ taskId, status }) =>
      status === 'awaiting_confirmation'
        ? `Confirm it (\`moult confirm ${taskId}\`) or take it back (\`moult rollback ${taskId}\`) first.`
        : `Finish it (\`moult execute ${taskId}\`) or drop it (\`moult cancel ${taskId}\`) first.`,
  ),
  TASK_FINISHED: entry<{ taskId: string; status: string }>(
    ({ taskId, status }) => `${taskId} is finished (${status}); it cannot be executed again.`,
    'Plan a new improvement.',
  ),
  TASK_WRONG_STATE: entry<{ taskId: string; status: string; action: string }>(
    ({ taskId, status, action }) => `${taskId} is ${status}; it cannot be ${action} now.`,
    ({ taskId }) => `\`moult status ${taskId}\` shows what can be done.`,
  ),
  APPROVAL_REQUIRED: entry<{ taskId: string }>(
    ({ taskId }) => `${taskId} waits for a person's approval.`,
    ({ taskId }) =>
      `Look at it with \`moult show ${taskId}\`, then \`moult approve ${taskId}\` or \`moult reject ${taskId}\`.`,
  ),
  PERSON_REQUIRED: entry<{ taskId: string; action: 'confirm' }>(
    ({ taskId, action }) => `${taskId} was approved by a person, so only a person can ${action} it.`,
    ({ taskId, action }) => `Ask the person to run \`moult ${action} ${taskId}\`.`,
  ),
  APPROVAL_VOID: entry<{ taskId: string }>(
    ({ taskId }) => `The approval of ${taskId} names another plan than the one on disk.`,
    'Look at the plan again and approve what you see.',
  ),
  APPROVAL_FORBIDDEN: entry<{ taskId: string; origin: string }>(
    ({ taskId, origin }) =>
      `${taskId} cannot be approved over ${origin.toUpperCase()}: a model is on that line.`,
    ({ taskId }) =>
      `A person approves it on the machine: \`moult show ${taskId}\`, then \`moult approve ${taskId}\`.`,
  ),
  PLAN_STALE: entry<{ paths: string[] }>(
    ({ paths }) =>
      `Changed since the plan was made: ${listed(paths)}. Nothing was applied, and the plan is void.`,
    'Plan again, against the files as they are now.',
  ),
  EDITOR_MISSING: entry<{ paths: string[] }>(
    ({ paths }) => `The plan leaves the content of ${listed(paths)} to an editor, and there is none.`,
    'Give the service an `editor` option, or plan the change with its content.',
  ),
  CANCEL_TOO_LATE: entry<{ taskId: string; status: string }>(
    ({ taskId, status }) => `${taskId} could not be cancelled any more: it is ${status}.`,
    ({ taskId }) => `To take it back: \`moult rollback ${taskId}\`.`,
  ),
  EDIT_CONFLICT: entry<{ paths: string[] }>(
    ({ paths }) => `Somebody else changed ${listed(paths)} while the improvement ran.`,
    'Look at their version, then plan again.',
  ),
  ...outsideErrors,
  APPLY_FAILED: entry<{ path: string; reason: string }>(
    ({ path, reason }) => `${JSON.stringify(path)} could not be written: ${reason}`,
    'Remove the cause (rights, space, a file in the way), then plan again.',
  ),
  RESTART_NOT_SCHEDULED: entry<{ taskId: string; reason: string }>(
    ({ taskId, reason }) =>
      `${taskId} is in place, but the restart it needs could not be scheduled: ${reason}`,
    'Restart the program yourself.',
  ),
  VALIDATION_FAILED: entry<{ checks: string[] }>(
    ({ checks }) => (checks.length === 0 ? 'Validation failed' : `Validation failed: ${listed(checks)}`),
    'Read the log of the failed check, correct the change and plan again.',
  ),
  ROLLBACK_CONFLICT: entry<{ taskId: string; paths: string[] }>(
    ({ paths }) => `Changed since the improvement was completed: ${listed(paths)}.`,
    ({ taskId }) =>
      `Keep your version, or move it aside and roll back: \`moult rollback ${taskId} --force\`.`,
  ),
  ROLLBACK_FAILED: entry<{
    taskId: string;
    paths: { path: string; reason: string; savedAt: string | null }[];
  }>(
    ({ taskId, paths }) =>
      `${taskId} could not be rolled back whole:${paths
        .map(
          (item) =>
            `\n  ${item.path}: ${item.reason}${item.savedAt === null ? '' : `; its bytes are saved in ${item.savedAt}`}`,
        )
        .join('')}`,
    ({ taskId }) => `Remove the obstacle, then run \`moult rollback ${taskId}\`.`,
  ),
  NOTHING_TO_ROLL_BACK: entry<{ taskId: string; status: string }>(
    ({ taskId, status }) => `${taskId} is ${status}: it left no change that could be rolled back.`,
    '`moult history` shows which improvements are completed.',
  ),

  // Notices
  ...noticeErrors,

  // Restarts
  ...restartErrors,

  // Lock, state, environment
  LOCK_HELD: entry<{ pid: number; since: string }>(
    ({ pid, since }) => `Another process is at work in this project: pid ${pid}, since ${since}.`,
    'Wait for it, or stop it with `moult cancel`.',
  ),
  LOCK_FOREIGN: entry<{ host: string; pid: number; since: string }>(
    ({ host, pid, since }) =>
      `The project is locked by process ${pid} of another machine or container (${host}), since ${since}; whether it lives cannot be seen from here.`,
    'When you are sure that it is gone: `moult recover --take-over-lock`.',
  ),
  LOCK_LOST: entry<{ token: number; highest: number }>(
    ({ token, highest }) =>
      `This process lost its lock (it holds ${token}, the newest is ${highest}); it stopped before its next write.`,
    'Another process has taken over; `moult status` shows what it does.',
  ),
  STATE_UNREADABLE: entry<{ file: string; reason: string; saved: string | null }>(
    ({ file, reason, saved }) =>
      `The saved state ${JSON.stringify(file)} is damaged: ${reason}.${saved === null ? '' : ` The before-images lie in ${JSON.stringify(saved)}.`}`,
    'Compare the before-images with your files and restore by hand what is missing; then move the task folder away.',
  ),
  STATE_TOO_NEW: entry<{ file: string; found: string; supported: string }>(
    ({ file, found, supported }) =>
      `${JSON.stringify(file)} was written by another version of moult (format ${found}; this one reads ${supported}).`,
    'Use the version of moult that wrote it to finish or roll back the task.',
  ),
  STATE_NOT_SAVED: entry<{ file: string; reason: string }>(
    ({ file, reason }) => `The state could not be saved in ${JSON.stringify(file)}: ${reason}`,
    'Free space or correct the rights of the state directory.',
  ),
  STATE_LOST: entry<{ directory: string }>(
    ({ directory }) =>
      `The state directory ${JSON.stringify(directory)} was removed while an improvement was under way, and what was saved in it is gone.`,
    'Look at your files (`git status`): they are as the improvement left them. Find out what removed the directory before the next one; a check may have done it.',
  ),
  STATE_LINKED: entry<{ directory: string }>(
    ({ directory }) =>
      `The state directory ${JSON.stringify(directory)} is a symbolic link, which could lead elsewhere at any moment.`,
    'Put the real folder in its place, or name that folder as `stateDir` in the configuration.',
  ),
  SYSTEM_CALL_FAILED: entry<{ call: string; path: string | null; reason: string }>(
    ({ call, reason }) => `The system refused ${call}: ${reason}`,
    'Remove the cause (a full disk, missing rights, a broken device) and try again; what was begun is finished or taken back then.',
  ),
  ...gitErrors,

  // The inspector
  ...inspectorErrors,

  // The testing kit
  MODEL_INLINE_ACTOR: entry<{ state: string; actor: string }>(
    ({ state, actor }) =>
      `The state ${state} invokes ${actor} inline, so that no scripted actor can stand in for it.`,
    'Name the actor in setup({ actors }) and invoke it by that name.',
  ),
} as const;

export type ErrorCode = keyof typeof errorTable;
export type ErrorDetails<Code extends ErrorCode> =
  (typeof errorTable)[Code] extends Entry<infer Details> ? Details : never;
