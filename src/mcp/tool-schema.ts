import type { JsonSchemaType } from '@modelcontextprotocol/server';

/** What a call of `status` may wait at most: well below the minute after which clients give up. */
export const longestWaitMs = 40_000;

export const actions = ['plan', 'execute', 'status', 'cancel', 'rollback', 'history', 'confirm'] as const;

export const toolName = 'self_improve';
export const toolTitle = 'Change this project safely';

export const toolDescription = `Plan and execute improvements to the source code of this project. Every change is planned, backed up, applied and judged by the project's own checks; then it stays, or every byte goes back.

How to use it:
1. action "plan" with description and changes. No file is touched. Only one plan at a time.
2. action "execute" with the taskId. It answers at once; the work goes on in the background.
3. action "status" with the taskId and waitMs 30000, until "done" is true. A failed check comes with its first errors, and the change has been taken back: correct it and plan again.
"rollback" takes back a completed improvement, "cancel" drops a plan or stops one under way, "history" lists all.
A plan that waits for a person's approval can only be approved by a person. Every answer says in "next" which calls make sense now.`;

const text = (description: string) => ({ type: 'string', description });

/**
 * What the tool takes. The first four properties and the first three of a change are those of the first version of this
 * tool; the rest was added. No keyword that only some clients understand.
 */
export const inputSchema = {
  type: 'object',
  properties: {
    action: { type: 'string', enum: [...actions], description: 'Action to perform' },
    description: text('Description of the improvement (for plan)'),
    targetFiles: {
      type: 'array',
      items: { type: 'string' },
      description:
        'Files to modify (for plan). Paths of changes need not be repeated; further ones are backed up only.',
    },
    changes: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          file: text('Path relative to the project root, with forward slashes'),
          type: {
            type: 'string',
            enum: ['create', 'modify', 'delete'],
            description: 'create: the path must be free. modify, delete: the file must exist.',
          },
          description: text('What this change does'),
          content: text('The whole new text of the file (create, modify)'),
          contentBase64: text('The whole new file in base64, for bytes that are not text (create, modify)'),
          edits: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                oldText: text('Must occur exactly once in the file as it is now, white space included'),
                newText: text('What stands there instead'),
              },
              required: ['oldText', 'newText'],
            },
            description: 'Exact replacements (modify)',
          },
          patch: text('A unified diff against the file as it is now (modify)'),
          symlink: text('Makes the path a symbolic link with this target (create, modify)'),
          mode: text('Permission bits in octal, as "0755"'),
          risk: {
            type: 'string',
            enum: ['low', 'medium', 'high'],
            description: 'Your own estimate; it can raise the assessed risk and never lower it',
          },
        },
        required: ['file', 'type'],
      },
      description:
        'Planned changes (for plan). A create or modify carries its content in one of content, contentBase64, edits, patch or symlink.',
    },
    requiresRestart: {
      type: 'boolean',
      description: 'The program must be restarted to run the new code (for plan). Default false.',
    },
    skipTests: {
      type: 'boolean',
      description: 'Leaves out the checks of type test (for plan). Default false.',
    },
    dryRun: {
      type: 'boolean',
      description:
        'Only says what the plan would be, with diffs; nothing is saved (for plan). Default false.',
    },
    taskId: text(
      'Id of an improvement, as si-1731600000000 (for execute, status, cancel, rollback, confirm). Default: the newest; rollback always needs it.',
    ),
    waitMs: {
      type: 'integer',
      minimum: 0,
      maximum: longestWaitMs,
      description: `How long status may wait for the end, in milliseconds, at most ${longestWaitMs}. Default 0.`,
    },
  },
  required: ['action'],
} satisfies JsonSchemaType;

/** As cautious as the most dangerous action: it changes files, runs the project's checks, and a retry starts nothing twice. */
export const annotations = {
  title: toolTitle,
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: true,
  openWorldHint: false,
};
