import { sampleAfter, sampleBefore } from './sample-code.mjs';

/**
 * All answers of an inspector for one improvement of any size, by their addresses, in the shape of the protocol. For
 * measuring the page and for looking at it: what real improvements look like is tested with a real server.
 */

const steps = [
  ['planning.assessing', 'xstate.init', 'assessPlan'],
  ['planning.awaiting_approval', 'xstate.done.actor.assessPlan', null],
  ['planning.ready', 'APPROVE', null],
  ['implementing.backing_up', 'EXECUTE', 'backUp'],
  ['implementing.checkpointing', 'xstate.done.actor.backUp', 'createCheckpoint'],
  ['implementing.applying', 'xstate.done.actor.createCheckpoint', 'applyChanges'],
  ['testing.running_checks', 'xstate.done.actor.applyChanges', 'runChecks'],
  ['rolling_back', 'xstate.done.actor.runChecks', 'rollBack'],
  ['rolled_back', 'xstate.done.actor.rollBack', null],
];
const folders = ['src/service', 'src/store', 'src/cli/commands', 'test/unit/store', 'docs'];
const start = Date.parse('2026-11-24T09:30:00.000Z');
const digest = '9c1f6b0c7d0e5b3a8f2d4e6a1b3c5d7e9f0a2b4c6d8e0f1a3b5c7d9e1f2a4b6c';
const taskId = 'si-1764000000000';

export function fixtureAnswers({ chart, files: fileCount = 12, entries: entryCount = 60 }) {
  const files = Array.from({ length: fileCount }, (_, index) => fileChange(index));
  const { entries, context } = timeline(chart, files, entryCount);
  const checks = [
    check(
      0,
      'build',
      'passed',
      0,
      'tsup\nCLI Target: node20\nESM \u001b[32mBuild success\u001b[39m in 312ms\n',
    ),
    check(1, 'lint', 'passed', 0, 'eslint .\n'),
    check(2, 'test', 'failed', 1, failedOutput),
  ];
  const entry = {
    taskId,
    description: 'Retry a failed upload with a growing delay, and give up after the fifth time',
    status: 'rolled_back',
    state: 'rolled_back',
    activity: 'ended',
    risk: 'critical',
    fileCount,
    createdAt: new Date(start).toISOString(),
    updatedAt: entries.at(-1).at,
  };
  const improvement = {
    ...entry,
    digest,
    files,
    checks,
    approvalRequired: true,
    needsRestart: true,
    cause: 'checks_failed',
    failure: {
      code: 'VALIDATION_FAILED',
      message: 'Validation failed: test',
      remedy: 'Read the log of the check, mend the change and plan it again.',
    },
    checkpoint: { kind: 'git', commit: '4b1d9c2e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c', notices: [] },
    rollback: context.rollback,
    signatures: [{ what: 'approved', by: 'ada', at: entries[3].at, why: 'Read it; the retry is bounded.' }],
    charts: ['improvement'],
    actions: [
      action('approve', 'Approve', 'It waits for no approval.'),
      action('cancel', 'Cancel', 'It has ended.'),
      action('rollback', 'Roll back', 'It was rolled back already.'),
    ],
    events: [],
    context,
  };
  const answers = {
    'api/session': {
      protocol: 1,
      mode: 'project',
      title: 'upload-agent',
      version: '0.1.0',
      actionsAllowed: false,
      live: true,
      task: taskId,
    },
    'api/improvements': {
      improvements: history(entry),
      figures: {
        total: 7,
        completed: 4,
        rolledBack: 1,
        cancelled: 1,
        rollbackFailed: 0,
        open: 1,
        successRate: 0.8,
      },
    },
    [`api/improvements/${taskId}`]: improvement,
    [`api/improvements/${taskId}/timeline`]: { entries, cursor: 'end', more: false },
    'api/charts/improvement': chart,
  };
  for (const { index, path } of files.slice(0, 50)) {
    answers[`api/improvements/${taskId}/files/${index}`] = contents(index, path);
  }
  for (const { index, output } of checks) {
    const sizeBytes = Buffer.byteLength(output);
    answers[`api/improvements/${taskId}/checks/${index}/log`] = {
      text: output,
      fromBytes: 0,
      toBytes: sizeBytes,
      sizeBytes,
    };
  }
  return answers;
}

function timeline(chart, files, entryCount) {
  const entries = [];
  let at = start;
  const add = (body, byMs = 40) => {
    at += byMs;
    entries.push({ key: `k${entries.length}`, at: new Date(at).toISOString(), ...body });
  };
  let context = {
    taskId,
    planDigest: digest,
    approvalRequired: true,
    needsRestart: true,
    approval: null,
    checkpoint: null,
    appliedPaths: [],
    checks: [],
    cause: null,
    rollback: null,
  };
  let before = null;
  const spare = Math.max(0, entryCount - 55);
  add({ kind: 'process', actor: 'improvement', pid: 4211, begins: 'new' }, 0);
  for (const [state, event, effect] of steps) {
    if (event !== 'xstate.init') {
      const from = event.startsWith('xstate.') ? event.split('.').at(-1) : null;
      add(
        { kind: 'event', type: event, actor: 'improvement', from, event: { type: event } },
        from ? 320 : 62_000,
      );
    }
    const changes = before === null ? context : changesOf(state, files);
    context = { ...context, ...changes };
    const active = activeNodes(state);
    add(
      {
        kind: 'state',
        actor: 'improvement',
        chart: 'improvement',
        state,
        active,
        edges: before === null ? [] : edgesTo(chart, before, active, event),
        event,
        changes,
        removed: [],
      },
      3,
    );
    before = active;
    if (state === 'planning.assessing')
      for (const { index, path } of files.slice(0, 200))
        add({ kind: 'journal', type: 'before-image', index, path }, 2);
    if (effect) add({ kind: 'effect', phase: 'start', actor: effect, of: 'improvement' }, 1);
    if (state === 'planning.awaiting_approval')
      add({
        kind: 'notice',
        milestone: 'planned',
        title: 'Planned',
        message: `${files.length} files, critical risk: waits for approval`,
        urgency: 'high',
      });
    if (state === 'implementing.applying') {
      for (let index = 0; index < spare; index += 1) {
        const file = files[index % files.length];
        add(
          {
            kind: 'journal',
            type: index < files.length ? 'intent' : 'outcome',
            index: file.index,
            path: file.path,
          },
          2,
        );
      }
      for (const { index, path } of files.slice(0, 20))
        add({ kind: 'journal', type: 'outcome', index, path }, 2);
    }
    if (state === 'testing.running_checks') {
      for (const [check, name, durationMs, status] of [
        [0, 'build', 1_900, 'passed'],
        [1, 'lint', 3_100, 'passed'],
        [2, 'test', 8_400, 'failed'],
      ]) {
        add({ kind: 'check', phase: 'start', check, name }, 20);
        add({ kind: 'check', phase: 'end', check, name, status, durationMs }, durationMs);
      }
    }
    if (effect)
      add(
        { kind: 'effect', phase: 'end', actor: effect, of: 'improvement', outcome: 'done', durationMs: 300 },
        290,
      );
  }
  return { entries, context };
}

function changesOf(state, files) {
  if (state === 'planning.ready')
    return {
      approval: { by: 'ada', at: new Date(start).toISOString(), why: 'Read it; the retry is bounded.' },
    };
  if (state === 'implementing.applying')
    return { checkpoint: { kind: 'git', commit: '4b1d9c2e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c', notices: [] } };
  if (state === 'testing.running_checks') return { appliedPaths: files.slice(0, 20).map(({ path }) => path) };
  if (state === 'rolling_back')
    return {
      cause: 'checks_failed',
      checks: [
        { name: 'build', status: 'passed', exitCode: 0 },
        { name: 'lint', status: 'passed', exitCode: 0 },
        { name: 'test', status: 'failed', exitCode: 1 },
      ],
    };
  if (state === 'rolled_back') {
    const [first, ...others] = files.map(({ path }) => path);
    return {
      rollback: {
        restored: [first, ...others],
        kept: [],
        displaced: [{ path: first, savedAt: '/srv/upload-agent/.git/moult/tasks/si-1/displaced/0' }],
        failed: [],
      },
    };
  }
  return {};
}

function activeNodes(state) {
  const parts = state.split('.');
  return ['improvement', ...parts.map((_, index) => ['improvement', ...parts.slice(0, index + 1)].join('.'))];
}

function edgesTo(chart, before, active, event) {
  const found = chart.edges.filter(
    (edge) => edge.event === event && before.includes(edge.source) && active.includes(edge.target),
  );
  return found.slice(0, 1).map(({ id }) => id);
}

function fileChange(index) {
  const type = ['modify', 'create', 'modify', 'delete'][index % 4];
  const path = index === 2 ? 'package.json' : `${folders[index % folders.length]}/upload-${index}.ts`;
  const image = (sha) => ({ kind: 'file', sha256: sha.repeat(64), mode: 0o644, sizeBytes: 1_200 });
  return {
    index,
    path,
    type,
    description: index === 0 ? 'The delay doubles, up to a minute' : null,
    risk: index === 2 ? 'critical' : type === 'delete' ? 'medium' : 'low',
    reasons:
      index === 2
        ? ['it is a package manifest, with the dependencies and the scripts that the checks run']
        : type === 'delete'
          ? ['it is deleted']
          : [],
    before: type === 'create' ? { kind: 'absent' } : image('a'),
    after: type === 'delete' ? { kind: 'absent' } : image('b'),
    modeBefore: type === 'create' ? null : '0644',
    modeAfter: type === 'delete' ? null : '0644',
  };
}

function contents(index, path) {
  const side = (text) => ({
    kind: 'text',
    text,
    sizeBytes: text.length,
    sha256: 'a'.repeat(64),
    mode: 0o644,
  });
  const { type } = fileChange(index);
  return {
    index,
    path,
    before: type === 'create' ? { kind: 'absent' } : side(sampleBefore),
    after: type === 'delete' ? { kind: 'absent' } : side(sampleAfter),
  };
}

function check(index, name, status, exitCode, output) {
  return {
    index,
    name,
    type: name,
    required: true,
    command: `npm run ${name}`,
    status,
    reason: status === 'failed' ? 'exit code 1' : null,
    exitCode,
    startedAt: new Date(start).toISOString(),
    durationMs: 1_900 + index * 3_000,
    output,
    logBytes: Buffer.byteLength(output),
  };
}

function action(name, label, why) {
  return {
    action: name,
    label,
    does: `${label} it.`,
    enabled: false,
    why,
    takesReason: true,
    changesFiles: name === 'rollback',
  };
}

function history(first) {
  const others = [
    ['Read the configuration once', 'completed', 'low', 2],
    ['Follow redirects of the storage service, three at most', 'completed', 'medium', 5],
    ['Drop the second copy of the parser', 'cancelled', 'low', 3],
    ['Count bytes as they are sent', 'completed', 'low', 1],
    ['Move the queue to its own process', 'awaiting_confirmation', 'high', 9],
    ['Use the platform’s fetch', 'completed', 'high', 14],
  ];
  return [
    first,
    ...others.map(([description, status, risk, fileCount], index) => ({
      ...first,
      taskId: `si-${1_763_900_000_000 - index}`,
      description,
      status,
      state: status,
      activity: status === 'awaiting_confirmation' ? 'waiting' : 'ended',
      risk,
      fileCount,
      createdAt: new Date(start - (index + 1) * 5_400_000).toISOString(),
    })),
  ];
}

const failedOutput = [
  '> upload-agent@2.1.0 test',
  '> vitest run',
  '',
  ' \u001b[32m✓\u001b[39m test/queue.test.ts (14 tests) 82ms',
  ' \u001b[31m❯\u001b[39m test/upload.test.ts (6 tests | 1 failed) 5012ms',
  '   \u001b[31m× gives up after the fifth time\u001b[39m',
  '',
  'AssertionError: expected 6 to be 5',
  '',
  '- Expected',
  '+ Received',
  '',
  '- 5',
  '+ 6',
  '',
  ' ❯ test/upload.test.ts:48:29',
  ' Tests  1 failed | 19 passed (20)',
  '',
].join('\n');
