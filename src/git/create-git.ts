import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { Spawner } from '../ports/spawner.js';
import { runChild, type ChildOutcome } from '../process/run-child.js';
import { hardenedArguments, hardenedEnvironment, isGitVariable } from './git-hardening.js';

export interface GitSettings {
  spawn: Spawner;
  /** The repository git works in, absolute. */
  gitDir: string;
  /** Absolute. */
  workTree?: string;
  /** Absolute. Default: `index` in `gitDir`. */
  indexFile?: string;
  /** Where new objects go, absolute; those of `gitDir` stay readable. Default: `objects` in `gitDir`. */
  objectDirectory?: string;
  /** Paths on the command line are relative to the top of the working tree, wherever this is. */
  cwd: string;
  signal?: AbortSignal;
  /** For each call. Default 120,000. */
  timeoutMs?: number;
}

/** Runs one git command to its end and answers with its standard output. */
export type Git = (args: readonly string[], options?: { stdin?: Uint8Array }) => Promise<Buffer>;

const defaultTimeoutMs = 120_000;
const maxOutputBytes = 1024 ** 3;
const shownErrorLength = 2_000;

/**
 * The only place that starts git: cut off from the configuration, hooks and environment of whoever runs us.
 *
 * The answered function throws MoultError GIT_MISSING where there is no git program, GIT_FAILED where the command does
 * not end well, and the signal's reason where it was aborted.
 */
export function createGit(settings: GitSettings): Git {
  const env = { ...hardenedEnvironment, ...locations(settings) };
  return async (args, { stdin } = {}) => {
    const outcome = await runChild(settings.spawn, {
      command: 'git',
      args: [...hardenedArguments, ...args],
      cwd: settings.cwd,
      env,
      removeEnv: isGitVariable,
      ...(stdin && { stdin }),
      timeoutMs: settings.timeoutMs ?? defaultTimeoutMs,
      ...(settings.signal && { signal: settings.signal }),
      maxOutputBytes,
    });
    if (outcome.aborted) settings.signal?.throwIfAborted();
    throwUnlessDone(args, outcome);
    return outcome.stdout;
  };
}

function locations({ gitDir, workTree, indexFile, objectDirectory }: GitSettings): Record<string, string> {
  return {
    GIT_DIR: gitDir,
    ...(workTree !== undefined && { GIT_WORK_TREE: workTree }),
    ...(indexFile !== undefined && { GIT_INDEX_FILE: indexFile }),
    ...(objectDirectory !== undefined && {
      GIT_OBJECT_DIRECTORY: objectDirectory,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(path.join(gitDir, 'objects')),
    }),
  };
}

/** A path in a list that is separated by colons. */
const quoted = (file: string) => `"${file.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;

function throwUnlessDone(args: readonly string[], outcome: ChildOutcome): void {
  const { startError, exitCode, truncated } = outcome;
  if (startError?.code === 'ENOENT') throw new MoultError('GIT_MISSING', {}, { cause: startError });
  if (startError === null && exitCode === 0 && !truncated) return;
  throw new MoultError(
    'GIT_FAILED',
    { command: args.join(' '), reason: reasonOf(outcome) },
    startError ? { cause: startError } : {},
  );
}

function reasonOf({ startError, timedOut, truncated, exitCode, signal, stderr }: ChildOutcome): string {
  if (startError !== null) return startError.message;
  if (timedOut) return 'it did not end in time';
  if (truncated) return 'it wrote more than can be kept';
  const words = stderr.toString('utf8').trim().slice(-shownErrorLength);
  if (words !== '') return words;
  return signal === null ? `exit code ${exitCode ?? 'unknown'}` : `ended by ${signal}`;
}
