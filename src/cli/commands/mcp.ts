import { Console } from 'node:console';
import { SelfImprove, serveHttp, serveStdio } from '../../mcp/index.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import type { Report } from '../report.js';
import { serviceOptions } from '../service-options.js';
import { StopSignals } from '../stop-signals.js';
import { UsageError } from '../usage-error.js';

export interface McpOptions {
  http?: boolean;
  port?: string;
  host?: string;
  token?: string;
  allowHost?: string[];
}

const defaultPort = 7433;
const words = {
  first: 'Stopping: an improvement under way is being taken back. Please wait.',
  again: 'Still rolling back. It cannot be cut short, so that no file is left half way. Please wait.',
};
const done: Report = { exitCode: exitCode.done, document: {}, text: '' };

/**
 * Serves MCP until the client is gone or a signal comes. What is under way when the client closes its end goes on to its
 * end; a signal takes it back.
 */
export async function mcp(cli: Cli, options: McpOptions): Promise<Report> {
  if (cli.output.json)
    throw new UsageError('moult mcp has no document to print', 'Leave --json out: the protocol is JSON.');
  // Standard output belongs to the protocol; a configuration in JavaScript may print.
  globalThis.console = new Console(cli.io.stderr);
  const selfImprove = new SelfImprove(cli.root, { ...serviceOptions(cli), onProgress: undefined });
  void selfImprove.recover();
  return StopSignals.during(cli, words, (stop) =>
    options.http === true ? http(cli, selfImprove, options, stop) : stdio(cli, selfImprove, options, stop),
  );
}

async function stdio(
  { io, output }: Cli,
  selfImprove: SelfImprove,
  options: McpOptions,
  stop: StopSignals,
): Promise<Report> {
  const onlyHttp = (['port', 'host', 'token', 'allowHost'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (onlyHttp !== undefined)
    throw new UsageError(
      `--${onlyHttp === 'allowHost' ? 'allow-host' : onlyHttp} is for --http`,
      'Add --http.',
    );
  if (io.stdin.isTTY)
    output.note('This speaks MCP on standard input and output, for a client that starts it. Ctrl-C ends it.');
  const serving = serveStdio(selfImprove, { input: io.stdin, output: io.stdout });
  const stopped = whenStopped(stop, selfImprove);
  await Promise.race([serving.closed.then(() => selfImprove.idle()), stopped]);
  await serving.close();
  return done;
}

async function http(
  { io, output }: Cli,
  selfImprove: SelfImprove,
  { port, host, token = io.env.MOULT_MCP_TOKEN, allowHost }: McpOptions,
  stop: StopSignals,
): Promise<Report> {
  const serving = await serveHttp(selfImprove, {
    port: parsePort(port),
    ...(host === undefined ? {} : { host }),
    ...(token === undefined || token === '' ? {} : { token }),
    ...(allowHost === undefined ? {} : { allowedHosts: allowHost }),
  });
  output.note(`MCP: ${serving.url}`);
  if (!token) output.note(`token: ${serving.token}`);
  await whenStopped(stop, selfImprove);
  await serving.close();
  return done;
}

/** Resolves when a signal has come and nothing is under way any more. */
function whenStopped(stop: StopSignals, selfImprove: SelfImprove): Promise<void> {
  return new Promise((resolve, reject) => {
    stop.whenRequested(() => void selfImprove.stop().then(resolve, reject));
  });
}

function parsePort(port = String(defaultPort)): number {
  const number = /^\d+$/.test(port) ? Number(port) : NaN;
  if (number <= 65_535) return number;
  throw new UsageError(
    `${JSON.stringify(port)} is not a port`,
    'Give a number from 0 (any free one) to 65535.',
  );
}
