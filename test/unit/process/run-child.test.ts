import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { nodeSpawner } from '../../../src/process/node-spawner.js';
import { runChild, type ChildOutcome, type ChildRequest } from '../../../src/process/run-child.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moult-run-child-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, args: string[], request: Partial<ChildRequest> = {}): Promise<ChildOutcome> =>
  runChild(nodeSpawner, { command, args, cwd: folder, timeoutMs: 50_000, ...request });
const shell = (script: string, request: Partial<ChildRequest> = {}) =>
  run('/bin/sh', ['-c', script], request);
/** A program whose time is up after it wrote `up`, however long that took: each time it is given twice as long. */
const timeOutWhenUp = async (script: string, request: Partial<ChildRequest> = {}): Promise<ChildOutcome> => {
  for (let timeoutMs = 200; ; timeoutMs *= 2) {
    const outcome = await shell(script, { timeoutMs, ...request });
    if (outcome.stdout.includes('up')) return outcome;
    expect(outcome.timedOut).toBe(true);
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie has died; whoever adopted it has not noticed yet.
    return !existsSync('/proc') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const untilDead = (pid: number) => expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
const untilWritten = async (name: string): Promise<string> => {
  const file = join(folder, name);
  await expect
    .poll(() => existsSync(file) && readFileSync(file, 'utf8').includes('\n'), { timeout: 30_000 })
    .toBe(true);
  return readFileSync(file, 'utf8').trim();
};
const openHandles = () =>
  process.getActiveResourcesInfo().filter((name) => /Timeout|Process|Pipe/.test(name)).length;

describe('a program that ends by itself', () => {
  it('gives its exit code and both streams', async () => {
    const startedAt = performance.now();
    const outcome = await shell('echo out; echo err >&2; exit 3');
    const wholeMs = performance.now() - startedAt;
    expect(outcome).toMatchObject({
      exitCode: 3,
      signal: null,
      truncated: false,
      timedOut: false,
      aborted: false,
      startError: null,
    });
    expect(outcome.stdout.toString()).toBe('out\n');
    expect(outcome.stderr.toString()).toBe('err\n');
    expect(outcome.durationMs).toBeGreaterThanOrEqual(0);
    expect(outcome.durationMs).toBeLessThanOrEqual(Math.ceil(wholeMs));
  });

  it('gives the signal that ended it', async () => {
    expect(await shell('kill -9 $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
  });

  it('runs in the folder that was asked for', async () => {
    const outcome = await run(process.execPath, ['-p', 'process.cwd()']);
    expect(outcome.stdout.toString().trim()).toBe(folder);
  });

  it('keeps bytes that are no text', async () => {
    const outcome = await shell("printf '\\377\\000\\376'");
    expect([...outcome.stdout]).toEqual([255, 0, 254]);
  });

  it('leaves no timer, process or pipe behind', async () => {
    const settled = async () => {
      await sleep(100);
      return openHandles();
    };
    const before = await settled();
    await shell('echo a', { stdin: Buffer.from('b') });
    await run('no-such-program-at-all', []);
    await shell('sleep 600', { timeoutMs: 50 });
    expect(await settled()).toBeLessThanOrEqual(before);
  });

  it('leaves no listener on the signal', async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    await shell('true', { signal });
    expect(listeners).toBe(0);
  });

  it('takes many at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => shell(`exit ${i}`)));
    expect(outcomes.map((outcome) => outcome.exitCode)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });
});

describe('standard input', () => {
  it('is closed unless bytes are given', async () => {
    expect(await shell('cat')).toMatchObject({ exitCode: 0, timedOut: false });
  });

  it('delivers the bytes and ends', async () => {
    const bytes = Buffer.alloc(300_000, 'ab');
    expect((await run('cat', [], { stdin: bytes })).stdout.equals(bytes)).toBe(true);
  });

  it('may be empty', async () => {
    const outcome = await run('cat', [], { stdin: new Uint8Array(0) });
    expect(outcome).toMatchObject({ exitCode: 0 });
    expect(outcome.stdout.length).toBe(0);
  });

  it('may be left unread by a program that ends', async () => {
    expect(await shell('exit 5', { stdin: Buffer.alloc(5_000_000) })).toMatchObject({ exitCode: 5 });
  });

  it('may be closed by a program that goes on', async () => {
    const outcome = await shell('exec <&-; sleep 0.2; echo on', { stdin: Buffer.alloc(5_000_000) });
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout.toString()).toBe('on\n');
  });
});

describe('the environment', () => {
  const names = async (request: Partial<ChildRequest>) => {
    const { stdout } = await run(process.execPath, ['-p', 'JSON.stringify(process.env)'], request);
    return JSON.parse(stdout.toString()) as Record<string, string>;
  };

  it('is the inherited one with the changes', async () => {
    process.env.MOULT_TEST_KEPT = 'kept';
    process.env.MOULT_TEST_GONE = 'gone';
    process.env.MOULT_TEST_OTHER = 'old';
    onTestFinished(() => {
      for (const name of ['KEPT', 'GONE', 'OTHER']) delete process.env[`MOULT_TEST_${name}`];
    });
    const env = await names({ env: { MOULT_TEST_GONE: undefined, MOULT_TEST_OTHER: 'new', ADDED: '1' } });
    expect(env).toMatchObject({
      MOULT_TEST_KEPT: 'kept',
      MOULT_TEST_OTHER: 'new',
      ADDED: '1',
      PATH: process.env.PATH,
    });
    expect(env).not.toHaveProperty('MOULT_TEST_GONE');
  });

  it('drops inherited names, but not those that are set', async () => {
    process.env.GIT_TEST_INHERITED = '1';
    onTestFinished(() => void delete process.env.GIT_TEST_INHERITED);
    const env = await names({
      removeEnv: (name) => name.startsWith('GIT_'),
      env: { GIT_TEST_SET: '1', UNSET: undefined },
    });
    expect(Object.keys(env).filter((name) => name.startsWith('GIT_'))).toEqual(['GIT_TEST_SET']);
    expect(env).not.toHaveProperty('UNSET');
  });
});

describe('a program that cannot be started', () => {
  it.each([
    ['an unknown name', 'no-such-program-at-all', 'ENOENT'],
    ['a file that is not executable', '/etc/passwd', 'EACCES'],
    ['a path below a file', '/etc/passwd/x', 'ENOTDIR'],
    ['a name with a zero byte', 'a\0b', 'ERR_INVALID_ARG_VALUE'],
  ])('is reported for %s', async (_, command, code) => {
    const outcome = await run(command, []);
    expect(outcome.startError?.code).toBe(code);
    expect(outcome).toMatchObject({ exitCode: null, signal: null, timedOut: false, aborted: false });
  });

  it('is reported for arguments that are too long', async () => {
    expect((await run('true', ['x'.repeat(5_000_000)])).startError?.code).toBe('E2BIG');
  });

  it('is reported for a missing folder', async () => {
    expect((await run('true', [], { cwd: join(folder, 'missing') })).startError?.code).toBe('ENOENT');
  });

  it('is reported with input waiting', async () => {
    expect((await run('no-such-program-at-all', [], { stdin: Buffer.from('x') })).startError?.code).toBe(
      'ENOENT',
    );
  });
});

describe('the timeout', () => {
  it('ends the program by SIGTERM', async () => {
    const outcome = await shell('sleep 600', { timeoutMs: 100 });
    expect(outcome).toMatchObject({ timedOut: true, aborted: false, exitCode: null, signal: 'SIGTERM' });
  });

  it('lets the program clean up', async () => {
    const outcome = await timeOutWhenUp(
      'trap "echo bye; exit 7" TERM; echo up; while :; do sleep 0.05; done',
    );
    expect(outcome).toMatchObject({ timedOut: true, exitCode: 7 });
    expect(outcome.stdout.toString()).toBe('up\nbye\n');
  });

  it('ends a program that ignores SIGTERM by SIGKILL', async () => {
    const outcome = await timeOutWhenUp('trap "" TERM; echo up; while :; do sleep 0.05; done', {
      killAfterMs: 200,
    });
    expect(outcome).toMatchObject({ timedOut: true, exitCode: null, signal: 'SIGKILL' });
  });

  it('sends SIGKILL only once SIGTERM had its time', async () => {
    const outcome = await timeOutWhenUp(
      'trap "echo told > told" TERM; echo up; while :; do sleep 0.05; done',
      { killAfterMs: 1_000 },
    );
    expect(outcome).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
    expect(readFileSync(join(folder, 'told'), 'utf8')).toBe('told\n');
  });

  it('ends a stopped program', async () => {
    const outcome = await timeOutWhenUp('echo up; kill -STOP $$; sleep 600', { killAfterMs: 200 });
    expect(outcome).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
  });

  it('ends the children of the program', async () => {
    const outcome = await timeOutWhenUp('sleep 610 & echo up $!; wait');
    expect(outcome).toMatchObject({ timedOut: true });
    await untilDead(Number(outcome.stdout.toString().slice('up '.length)));
  });

  it('may be endless', async () => {
    const outcome = await shell('sleep 0.2; echo done', { timeoutMs: Infinity });
    expect(outcome).toMatchObject({ exitCode: 0, timedOut: false });
  });

  it('holds for a program that never stops writing', async () => {
    const outcome = await timeOutWhenUp('exec yes up', { maxOutputBytes: 1_000 });
    expect(outcome).toMatchObject({ timedOut: true, truncated: true, signal: 'SIGTERM' });
  });
});

describe('abort', () => {
  it('before the start starts nothing', async () => {
    const outcome = await shell('echo x > started', { signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ aborted: true, exitCode: null, startError: null });
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });

  it('ends the group', async () => {
    const controller = new AbortController();
    const running = shell('sleep 620 & echo $! > pid; wait', { signal: controller.signal });
    const pid = Number(await untilWritten('pid'));
    controller.abort();
    expect(await running).toMatchObject({ aborted: true, timedOut: false, signal: 'SIGTERM' });
    await untilDead(pid);
  });

  it('ends a group whose members all ignore SIGTERM', async () => {
    const controller = new AbortController();
    const running = shell(
      `trap "" TERM; sh -c 'trap "" TERM; echo $$ > pid; while :; do sleep 0.05; done' & wait`,
      { signal: controller.signal, killAfterMs: 200 },
    );
    const pid = Number(await untilWritten('pid'));
    controller.abort();
    expect(await running).toMatchObject({ aborted: true, signal: 'SIGKILL' });
    await untilDead(pid);
  });

  it('after the end changes nothing', async () => {
    const controller = new AbortController();
    const outcome = await shell('exit 0', { signal: controller.signal });
    controller.abort();
    expect(outcome.aborted).toBe(false);
  });
});

describe('what a program leaves behind', () => {
  it('is ended, where it stayed in the group', async () => {
    const outcome = await shell('sleep 630 >/dev/null 2>&1 & echo $!');
    expect(outcome.exitCode).toBe(0);
    await untilDead(Number(outcome.stdout.toString()));
  });

  it('is not waited for, where it holds the pipe inside the group', async () => {
    const outcome = await shell('sleep 640 & echo started');
    expect(outcome).toMatchObject({ exitCode: 0, timedOut: false });
    expect(outcome.stdout.toString()).toBe('started\n');
  });

  it.runIf(process.platform === 'linux')(
    'is not waited for, where it holds the pipe outside the group',
    async () => {
      const outcome = await shell(
        'setsid sh -c "echo \\$\\$ > pid; exec sleep 600" & while [ ! -s pid ]; do sleep 0.02; done; echo started',
      );
      const pid = Number(await untilWritten('pid'));
      onTestFinished(() => void process.kill(pid, 'SIGKILL'));
      expect(outcome).toMatchObject({ exitCode: 0, timedOut: false });
      expect(outcome.stdout.toString()).toBe('started\n');
      expect(isAlive(pid)).toBe(true);
    },
  );

  it.runIf(process.platform === 'linux')(
    'is heard out for a moment, also where the event loop was busy meanwhile',
    async () => {
      // Until the other one has written, and long enough that the moment is over by then.
      const busy = () => {
        writeFileSync(join(folder, 'busy'), '');
        const busySince = performance.now();
        const isWritten = () => existsSync(join(folder, 'written'));
        while (
          performance.now() < busySince + 500 ||
          (!isWritten() && performance.now() < busySince + 30_000)
        );
      };
      const busyAtExit: typeof nodeSpawner = (...args) => {
        const child = nodeSpawner(...args);
        setImmediate(() => child.once('exit', busy));
        return child;
      };
      const late = 'while [ ! -e busy ]; do sleep 0.02; done; echo late; echo > written; exec sleep 600';
      const script = `setsid sh -c "echo \\$\\$ > pid; ${late}" & while [ ! -s pid ]; do sleep 0.02; done`;
      const outcome = await runChild(busyAtExit, {
        command: '/bin/sh',
        args: ['-c', script],
        cwd: folder,
        timeoutMs: 50_000,
      });
      process.kill(Number(await untilWritten('pid')), 'SIGKILL');
      expect(outcome.stdout.toString()).toBe('late\n');
    },
  );
});

describe('output', () => {
  const numbered = (count: number) => run('seq', ['1', String(count)], { maxOutputBytes: 1_000 });

  it('is bounded to its head', async () => {
    const { stdout, truncated } = await numbered(100_000);
    expect(truncated).toBe(true);
    expect(stdout.length).toBe(1_000);
    expect(stdout.toString().startsWith('1\n2\n3\n')).toBe(true);
  });

  it('is bounded to its tail', async () => {
    const { stdout, truncated } = await run('seq', ['1', '100000'], { maxOutputBytes: 1_000, keep: 'tail' });
    expect(truncated).toBe(true);
    expect(stdout.length).toBe(1_000);
    expect(stdout.toString().endsWith('99999\n100000\n')).toBe(true);
  });

  it('is not called truncated when it just fits', async () => {
    const { stdout, truncated } = await shell('printf 12345', { maxOutputBytes: 5 });
    expect([stdout.toString(), truncated]).toEqual(['12345', false]);
  });

  it('need not be kept at all', async () => {
    const { stdout, truncated } = await shell('echo a', { maxOutputBytes: 0, keep: 'tail' });
    expect([stdout.length, truncated]).toEqual([0, true]);
  });

  it('of 150 MB does not fill the memory', async () => {
    const before = process.memoryUsage.rss();
    let seenBytes = 0;
    const outcome = await run('head', ['-c', '150000000', '/dev/zero'], {
      maxOutputBytes: 1_000_000,
      onOutput: (chunk) => (seenBytes += chunk.length),
    });
    expect(outcome).toMatchObject({ exitCode: 0, truncated: true });
    expect(seenBytes).toBe(150_000_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(110_000_000);
  });

  it('is handed on as it comes, stream by stream', async () => {
    const seen: string[] = [];
    await shell('echo a; while [ ! -e seen ]; do sleep 0.02; done; echo b >&2', {
      onOutput: (chunk, stream) => {
        seen.push(`${stream}:${Buffer.from(chunk).toString().trim()}`);
        writeFileSync(join(folder, 'seen'), '');
      },
    });
    expect(seen).toEqual(['stdout:a', 'stderr:b']);
  });

  it('ends the program when it cannot be taken, and says why', async () => {
    // Neither ends by itself before the test is over.
    const running = shell('echo a; sleep 600', {
      timeoutMs: Infinity,
      onOutput: () => {
        throw new Error('disk full');
      },
    });
    await expect(running).rejects.toThrow('disk full');
  });
});

it('costs not much more than starting the program', async () => {
  const bare = () =>
    new Promise<void>((resolve) => {
      const child = spawn('true', [], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.resume();
      child.stderr.resume();
      child.once('close', () => resolve());
    });
  const durationMs = async (once: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await once();
    return performance.now() - startedAt;
  };
  const best = { bare: Infinity, ours: Infinity };
  for (let i = 0; i < 30; i++) {
    best.bare = Math.min(best.bare, await durationMs(bare));
    best.ours = Math.min(best.ours, await durationMs(() => run('true', [])));
  }
  expect(best.ours / best.bare).toBeLessThan(5);
});
