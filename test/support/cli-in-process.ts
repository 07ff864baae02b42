import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Io } from '../../src/cli/io.js';
import { runCli } from '../../src/cli/run-cli.js';

const manifest = new URL('../../package.json', import.meta.url);

export interface CliEnd {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Called with what was printed so far, each time something is; `interrupt` is what Ctrl-C does. */
  onOutput?: (text: string, interrupt: () => void) => void;
}

/** The whole command line in this process, with streams, signals and variables of its own. */
export async function cliInProcess(
  args: readonly string[],
  { cwd, env = process.env, onOutput = () => undefined }: CliOptions,
): Promise<CliEnd> {
  const events = new EventEmitter();
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const printed = { stdout: '', stderr: '' };
  for (const [name, stream] of Object.entries({ stdout, stderr }))
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      printed[name as keyof typeof printed] += chunk;
      // After what it says, a verb begins to listen.
      onOutput(printed.stdout + printed.stderr, () => void setImmediate(() => events.emit('SIGINT')));
    });
  const io = {
    ...{ stdin, stdout, stderr, env, platform: process.platform, pid: process.pid },
    ...{ on: events.on.bind(events), off: events.off.bind(events), cwd: () => cwd },
    exit: (code: number) => {
      throw new Error(`the command line ended by itself, with ${code}: ${printed.stderr}`);
    },
    kill: process.kill.bind(process),
  } as unknown as Io;
  // Some verbs put another one in its place.
  const { console } = globalThis;
  try {
    return { code: await runCli(io, args, manifest), ...printed };
  } finally {
    globalThis.console = console;
  }
}
