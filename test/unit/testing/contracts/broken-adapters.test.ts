import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../../machines/index.js';
import type { Notice } from '../../../../src/index.js';
import {
  checkRunnerContract,
  notifierContract,
  restartContract,
  storeContract,
  workspaceContract,
  type CheckRunnerSubject,
  type ContractCase,
  type NotifierSubject,
  type RestartSubject,
  type SnapshotStore,
  type StoreSubject,
  type WorkspaceSubject,
} from '../../../../src/testing/index.js';
import { checkRunnerSubject, engineWorkspaceSubject, tempFolder, timerRestartSubject } from './adapters.js';

/** The names of the cases that find something. */
async function caught(cases: readonly ContractCase[]): Promise<string[]> {
  const names: string[] = [];
  for (const one of cases) await one.run().catch(() => names.push(one.name));
  return names;
}

type Saved = Map<string, string>;
type WholeStore = Omit<StoreSubject, 'open'> & { open: () => SnapshotStore };

/** A store in memory that is right, to be broken in one place. */
function storeIn(saved: Saved, fault: Partial<SnapshotStore> = {}): WholeStore {
  const check = (taskId: string) => {
    if (!/^si-\d+$/.test(taskId)) throw new Error('not an id');
  };
  return {
    open: () => ({
      save: (taskId: string, snapshot: unknown) => {
        check(taskId);
        saved.set(taskId, JSON.stringify(snapshot));
        return Promise.resolve();
      },
      load: (taskId: string) => {
        const text = saved.get(taskId);
        return Promise.resolve(text === undefined ? null : JSON.parse(text));
      },
      ...fault,
    }),
  };
}

const brokenStores: Record<string, { make: () => StoreSubject; finds: string }> = {
  'keeps what it was given by reference': {
    make: () => {
      const saved = new Map<string, unknown>();
      return storeIn(new Map(), {
        save: (taskId: string, snapshot: unknown) => {
          if (taskId.includes('/')) throw new Error('not an id');
          saved.set(taskId, snapshot);
          return Promise.resolve();
        },
        load: (taskId: string) => Promise.resolve(saved.get(taskId) ?? null),
      });
    },
    finds: 'keeps what it was given, whatever becomes of the object',
  },
  'knows only what it saved itself': {
    make: () => ({ open: () => storeIn(new Map()).open() }),
    finds: 'gives another process what was saved',
  },
  'lets slow saves overtake each other': {
    make: () => {
      const saved: Saved = new Map();
      let turn = 0;
      const save = (taskId: string, snapshot: unknown) => {
        if (taskId.includes('/')) throw new Error('not an id');
        const text = JSON.stringify(snapshot);
        turn += 1;
        return new Promise<void>((resolve) =>
          setTimeout(() => resolve(void saved.set(taskId, text)), turn % 2 === 0 ? 0 : 20),
        );
      };
      return storeIn(saved, { save });
    },
    finds: 'keeps the order of saves that were not waited for',
  },
  'answers undefined for a task it does not know': {
    make: () => storeIn(new Map(), { load: () => Promise.resolve(undefined) }),
    finds: 'answers null for a task it was never told of',
  },
  'takes an id for the name of a file': {
    make: () => {
      const saved: Saved = new Map();
      const save = (taskId: string, snapshot: unknown) =>
        Promise.resolve(void saved.set(taskId, JSON.stringify(snapshot)));
      return storeIn(saved, { save });
    },
    finds: 'refuses an id that is a path',
  },
  'says it has saved on a full disk': {
    make: () => {
      const saved: Saved = new Map();
      let isFull = false;
      const whole = storeIn(saved);
      const save = async (taskId: string, snapshot: unknown) => {
        if (!isFull) await whole.open().save(taskId, snapshot);
      };
      return { ...storeIn(saved, { save }), fill: () => void (isFull = true) };
    },
    finds: 'says so where it cannot save, and still has the snapshot before',
  },
};

function notifierBy(notify: (notice: Notice, lines: string[]) => Promise<void> | void): NotifierSubject {
  const lines: string[] = [];
  const pending: Promise<void>[] = [];
  return {
    notifier: {
      notify: (notice) => {
        const told = Promise.resolve().then(() => notify(notice, lines));
        pending.push(told.catch(() => undefined));
        return told;
      },
    },
    delivered: async () => {
      await Promise.all(pending);
      return lines;
    },
  };
}

const say = ({ title, message }: Notice) => `${title}\n${message}`;

const brokenNotifiers: Record<string, { make: () => NotifierSubject; finds: string }> = {
  'drops what is too long for it': {
    make: () =>
      notifierBy((notice, lines) => {
        if (notice.message.length <= 3_000) lines.push(say(notice));
      }),
    finds: 'delivers a message of any length',
  },
  'sends each notice twice': {
    make: () => notifierBy((notice, lines) => void lines.push(say(notice), say(notice))),
    finds: 'delivers title and text',
  },
  'sends whatever is ready first': {
    make: () => {
      let turn = 4;
      return notifierBy((notice, lines) => {
        turn -= 1;
        return new Promise((resolve) =>
          setTimeout(() => resolve(void lines.push(say(notice))), Math.max(0, turn) * 10),
        );
      });
    },
    finds: 'delivers in the order of the steps',
  },
  'is silent about what is not urgent': {
    make: () =>
      notifierBy((notice, lines) => {
        if (notice.urgency !== 'low') lines.push(say(notice));
      }),
    finds: 'tells urgent notices apart from no one',
  },
  'escapes the notice in place': {
    make: () =>
      notifierBy((notice, lines) => {
        notice.message = notice.message.replaceAll(':', '');
        lines.push(say(notice));
      }),
    finds: 'leaves the notice as it was',
  },
};

const brokenRestarts: Record<string, { change: (subject: RestartSubject) => RestartSubject; finds: string }> =
  {
    'restarts before it answers': {
      change: (subject) => ({
        ...subject,
        port: {
          scheduleRestart: async (request) => {
            await subject.port.scheduleRestart({ ...request, delayMs: 0 });
            await new Promise((resolve) => setTimeout(resolve, 50));
          },
        },
      }),
      finds: 'answers before it restarts',
    },
    'never restarts': {
      change: (subject) => ({ ...subject, port: { scheduleRestart: () => undefined } }),
      finds: 'restarts once, for the reason it was given',
    },
    'restarts for each request': {
      change: (subject) => {
        const reasons: string[] = [];
        return {
          ...subject,
          port: { scheduleRestart: ({ reason }) => void setTimeout(() => reasons.push(reason), 100) },
          restarts: () => reasons,
        };
      },
      finds: 'restarts once where it is asked twice',
    },
  };

type Run = CheckRunnerSubject['run'];
const changed =
  (change: (result: CheckResult) => CheckResult) =>
  (run: Run): Run =>
  async (checks, signal) =>
    (await run(checks, signal)).map(change);

const brokenRunners: Record<string, { change: (run: Run, root: string) => Run; finds: string }> = {
  'calls passed what it could not start': {
    change: changed((result) => (result.status === 'not_run' ? { ...result, status: 'passed' } : result)),
    finds: 'never calls passed what did not run',
  },
  'takes the end by a signal for exit code 0': {
    change: changed((result) => (result.signal ? { ...result, exitCode: 0, status: 'passed' } : result)),
    finds: 'never calls passed what a signal ended',
  },
  'stops at the first failure': {
    change: (run) => async (checks, signal) => {
      const results: CheckResult[] = [];
      for (const check of checks) {
        results.push(...(await run([check], signal)));
        if (results.at(-1)?.status !== 'passed') break;
      }
      return results;
    },
    finds: 'runs those after one that failed',
  },
  'runs every command by a shell': {
    change: (run) => (checks, signal) =>
      run(
        checks.map((check) => ({ ...check, shell: true })),
        signal,
      ),
    finds: 'runs no shell that nobody asked for',
  },
  'forgets the environment of a check': {
    change: (run) => (checks, signal) =>
      run(
        checks.map((check) => ({ ...check, env: {} })),
        signal,
      ),
    finds: 'hands the environment of the check on',
  },
  'ends only the process it started': {
    change: (run, root) => async (checks, signal) => {
      const results = await run(checks, signal);
      const pid = await readFile(join(root, 'pid'), 'utf8').catch(() => null);
      if (pid === null || signal) return results;
      // As if the grandchild had been left alone.
      const survivor = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 8000)'], { stdio: 'ignore' });
      await writeFile(join(root, 'pid'), String(survivor.pid));
      return results;
    },
    finds: 'leaves no process behind',
  },
};

type Break = (subject: WorkspaceSubject) => WorkspaceSubject;
const brokenWorkspaces: Record<string, { change: Break; finds: string }> = {
  'says it has put back and does nothing': {
    change: (subject) => ({ ...subject, rollBack: () => Promise.resolve({ restored: [], displaced: [] }) }),
    finds: 'puts back every byte, mode, link and folder',
  },
  'copies a backup over the whole folder': {
    change: (subject) => {
      let backup: Awaited<ReturnType<typeof tempFolder>> | null = null;
      return {
        ...subject,
        plan: async (changes) => {
          await subject.plan(changes);
          backup = await tempFolder();
          await cp(subject.root, backup.root, { recursive: true, verbatimSymlinks: true });
        },
        rollBack: async () => {
          const report = await subject.rollBack();
          if (backup)
            await cp(backup.root, subject.root, { recursive: true, force: true, verbatimSymlinks: true });
          return report;
        },
        close: async () => {
          await backup?.close();
          await subject.close?.();
        },
      };
    },
    finds: 'leaves the file that somebody edits elsewhere',
  },
  'leaves what it created': {
    change: (subject) => ({
      ...subject,
      rollBack: async () => {
        const created = await readFile(join(subject.root, 'made/for/it.bin'));
        const report = await subject.rollBack();
        await writeFile(join(subject.root, 'it.bin'), created);
        return report;
      },
    }),
    finds: 'puts back every byte, mode, link and folder',
  },
  "throws away somebody's version": {
    change: (subject) => ({
      ...subject,
      rollBack: async () => {
        const report = await subject.rollBack();
        await Promise.all(
          report.displaced.map(({ savedAt }) => rm(savedAt, { recursive: true, force: true })),
        );
        return { ...report, displaced: [] };
      },
    }),
    finds: 'keeps what somebody made of a changed file',
  },
  'looks at the files when it applies and not when it plans': {
    change: (subject) => {
      let planned: Parameters<WorkspaceSubject['plan']>[0] = [];
      return {
        ...subject,
        plan: (changes) => Promise.resolve(void (planned = changes)),
        apply: async () => {
          await subject.plan(planned);
          await subject.apply();
        },
      };
    },
    finds: 'refuses to apply over an edit made since the plan',
  },
};

describe('a broken store', () => {
  it.each(Object.entries(brokenStores))('that %s is caught', async (_, { make, finds }) => {
    expect(await caught(storeContract(make, { canFill: make().fill !== undefined }))).toContain(finds);
  });

  it('is caught and a whole one is not', async () => {
    expect(await caught(storeContract(() => storeIn(new Map())))).toEqual([]);
  });
});

describe('a broken notifier', () => {
  it.each(Object.entries(brokenNotifiers))('that %s is caught', async (_, { make, finds }) => {
    expect(await caught(notifierContract(make))).toContain(finds);
  });

  it('is caught and a whole one is not', async () => {
    const make = () => notifierBy((notice, lines) => void lines.push(say(notice)));
    expect(await caught(notifierContract(make))).toEqual([]);
  });
});

describe('a broken restart port', () => {
  it.each(Object.entries(brokenRestarts))('that %s is caught', async (_, { change, finds }) => {
    expect(await caught(restartContract(() => change(timerRestartSubject())))).toContain(finds);
  });
});

describe('a broken runner of checks', () => {
  it.each(Object.entries(brokenRunners))('that %s is caught', async (_, { change, finds }) => {
    const make = async () => {
      const subject = await checkRunnerSubject();
      return { ...subject, run: change((...args) => subject.run(...args), subject.root) };
    };
    const only = checkRunnerContract(make).filter(({ name }) => name === finds);
    expect(await caught(only)).toEqual([finds]);
  });
});

describe('a broken workspace', () => {
  it.each(Object.entries(brokenWorkspaces))('that %s is caught', async (_, { change, finds }) => {
    const make = async () => change(await engineWorkspaceSubject());
    const only = workspaceContract(make).filter(({ name }) => name === finds);
    expect(await caught(only)).toEqual([finds]);
  });
});
