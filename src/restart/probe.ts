import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import * as path from 'node:path';
import { parseCommand } from '../checks/parse-command.js';
import type { Readiness } from '../config/restart-config.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Spawner } from '../ports/spawner.js';
import { runChild } from '../process/run-child.js';

export interface ProbeSurroundings {
  fileSystem: FileSystem;
  spawn: Spawner;
  /** Commands run here, and files are relative to it. */
  root: string;
  /** Where the program says it where no other file is configured. */
  readyFile: string;
  /** The program said that it is ready, by a message. */
  hasSaidReady: () => boolean;
}

/** One answer takes no longer; a program that is well is quicker. */
const probeTimeoutMs = 5_000;

/** Looks once whether the program is ready, or still well. Null where it is; else what was seen instead. */
export async function probe(readiness: Readiness, around: ProbeSurroundings): Promise<string | null> {
  switch (readiness.type) {
    case 'ipc':
      return around.hasSaidReady() ? null : 'it sent no message "ready"';
    case 'http':
      return probeHttp(readiness.url);
    case 'tcp':
      return probeTcp(readiness.port, readiness.host);
    case 'command':
      return probeCommand(readiness.command, around);
    case 'file':
      return probeFile(readiness.path ? path.resolve(around.root, readiness.path) : around.readyFile, around);
  }
}

/** Where the program has to write that it is ready; null where it says so otherwise. */
export function readyFileOf(
  readiness: Readiness,
  { root, readyFile }: Pick<ProbeSurroundings, 'root' | 'readyFile'>,
): string | null {
  if (readiness.type !== 'file') return null;
  return readiness.path === undefined ? readyFile : path.resolve(root, readiness.path);
}

function probeHttp(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const get = url.startsWith('https:') ? httpsGet : httpGet;
    // Its own connection: one that is kept open would outlive the program it was made to.
    const request = get(url, { agent: false, timeout: probeTimeoutMs }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      resolve(statusCode < 400 ? null : `${url} answered ${statusCode}`);
    });
    request.once('timeout', () => {
      resolve(`${url} did not answer within ${probeTimeoutMs / 1000} s`);
      request.destroy();
    });
    request.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`${url}: ${error.code ?? error.message}`),
    );
  });
}

function probeTcp(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: probeTimeoutMs });
    const end = (answer: string | null) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end(`${host}:${port} did not answer within ${probeTimeoutMs / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => end(`${host}:${port}: ${error.code}`));
  });
}

async function probeCommand(commandLine: string, { spawn, root }: ProbeSurroundings): Promise<string | null> {
  const { program, args } = parseCommand(commandLine, 'restart.readiness');
  const { exitCode, startError, timedOut } = await runChild(spawn, {
    ...{ command: program, args, cwd: root },
    timeoutMs: probeTimeoutMs,
    maxOutputBytes: 4096,
  });
  if (exitCode === 0) return null;
  if (startError) return `\`${commandLine}\` could not be started: ${startError.message}`;
  return timedOut ? `\`${commandLine}\` did not end in time` : `\`${commandLine}\` ended with ${exitCode}`;
}

async function probeFile(file: string, { fileSystem }: ProbeSurroundings): Promise<string | null> {
  try {
    const text = await fileSystem.readFile(file, 'utf8');
    return text.split('\n').includes('READY=1') ? null : `${file} does not say READY=1`;
  } catch (error) {
    return `${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
  }
}
