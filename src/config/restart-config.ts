import { z } from 'zod';

/** How a started program says that it is ready, and later that it is well. */
export type Readiness =
  /** `process.send('ready')`, or `{ type: 'ready' }`. Then it is well while it does not exit. */
  | { type: 'ipc' }
  /** A GET is answered with a status below 400. */
  | { type: 'http'; url: string }
  /** A connection is accepted. */
  | { type: 'tcp'; port: number; host: string }
  /** A command ends with 0. It is split into words; no shell. */
  | { type: 'command'; command: string }
  /** A file holds the line `READY=1`. Without a path: the file in the variable `MOULT_READY_FILE`. */
  | { type: 'file'; path?: string };

/** Who restarts the program. */
export type RestartStrategy = 'auto' | 'supervised' | 'exit' | 'respawn' | 'custom' | 'none';

export interface RestartConfig {
  /** Time between the decision and the restart. Default 10,000. */
  delayMs: number;
  /** The new version is on probation until somebody confirms it. Default false; with a strategy it always is. */
  requireConfirmation: boolean;
  /**
   * `supervised`: by the guard. `exit`: the program exits, who starts it again is outside. `respawn`: the program starts its
   * successor. `custom`: `command` does it. `none`: nobody. Default `auto`: what is found.
   */
  strategy: RestartStrategy;
  /** For `custom`: what restarts the program, as `pm2 restart app`. */
  command?: string;
  /** Default `{ "type": "ipc" }`. */
  readiness: Readiness;
  /** How long a started program may take until it is ready. Default 30,000. */
  readyWithinMs: number;
  /** How long it must then stay well. Default 30,000. */
  confirmAfterMs: number;
  /** How often a version is started before it is given up. Default 3. */
  attemptsMax: number;
  /** How long the program may take to answer what is under way. Default 10,000. */
  drainMs: number;
  /** Time between SIGTERM and SIGKILL. Default 5,000. */
  stopMs: number;
  /** For `exit`: what the program exits with. Default 75. */
  exitCode: number;
  /** Who says that the new version is good. Default `health`. */
  confirmBy: 'health' | 'person';
  /** How long a person may take. Default 3,600,000 (an hour). */
  confirmWithinMs: number;
}

const longestTimerMs = 2 ** 31 - 1;
const text = z.string().refine((value) => value.trim() !== '' && !value.includes('\0'), 'must not be empty');
const whole = (least: number, most: number, what = 'number') =>
  z
    .number()
    .refine(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      `must be a whole ${what} from ${least} to ${most.toLocaleString('en-US')}`,
    );
const wholeMs = (least: number) => whole(least, longestTimerMs, 'number of milliseconds');

const readinessSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ipc') }),
  z.strictObject({ type: z.literal('http'), url: z.url({ protocol: /^https?$/ }) }),
  z.strictObject({ type: z.literal('tcp'), port: whole(1, 65_535), host: text.default('127.0.0.1') }),
  z.strictObject({ type: z.literal('command'), command: text }),
  z.strictObject({ type: z.literal('file'), path: text.optional() }),
]);

/** The key `restart` of the configuration. */
export const restartConfigSchema = z
  .strictObject({
    delayMs: wholeMs(0).default(10_000),
    requireConfirmation: z.boolean().default(false),
    strategy: z.enum(['auto', 'supervised', 'exit', 'respawn', 'custom', 'none']).default('auto'),
    command: text.optional(),
    readiness: readinessSchema.default({ type: 'ipc' }),
    readyWithinMs: wholeMs(1).default(30_000),
    confirmAfterMs: wholeMs(0).default(30_000),
    attemptsMax: whole(1, 100).default(3),
    drainMs: wholeMs(0).default(10_000),
    stopMs: wholeMs(0).default(5_000),
    exitCode: whole(0, 255).default(75),
    confirmBy: z.enum(['health', 'person']).default('health'),
    confirmWithinMs: wholeMs(1).default(3_600_000),
  })
  .superRefine(({ strategy, command }, context) => {
    const isMissing = strategy === 'custom' && command === undefined;
    if (isMissing)
      context.addIssue({
        code: 'custom',
        path: ['command'],
        message: 'the strategy "custom" needs a command',
      });
  });
