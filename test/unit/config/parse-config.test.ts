import { describe, expect, it } from 'vitest';
import { configHash } from '../../../src/config/config-hash.js';
import { parseConfig, type MoultConfig } from '../../../src/config/parse-config.js';
import { MoultError } from '../../../src/errors/moult-error.js';
import type { InputIssue } from '../../../src/errors/error-table.js';

const issuesOf = (input: unknown): InputIssue[] => {
  try {
    parseConfig(input, 'moult.config.json');
  } catch (error) {
    expect(error).toBeInstanceOf(MoultError);
    const { code, details, message } = error as MoultError<'CONFIG_INVALID'>;
    expect(code).toBe('CONFIG_INVALID');
    expect(details.source).toBe('moult.config.json');
    expect(message).toContain('moult.config.json');
    return details.issues;
  }
  throw new Error('was accepted');
};

const restartDefaults = {
  ...{ delayMs: 10_000, requireConfirmation: false, strategy: 'auto', readiness: { type: 'ipc' } },
  ...{ readyWithinMs: 30_000, confirmAfterMs: 30_000, attemptsMax: 3, drainMs: 10_000, stopMs: 5_000 },
  ...{ exitCode: 75, confirmBy: 'health', confirmWithinMs: 3_600_000 },
};

describe('a configuration', () => {
  it('may be empty, and has all defaults then', () => {
    expect(parseConfig({}, 'x')).toEqual({
      passEnv: [],
      isolation: 'in-place',
      artifacts: [],
      undeclared: 'restore',
      protectedPaths: { never: [], approval: [], allow: [] },
      limits: { files: 20_000, fileBytes: 268_435_456, planBytes: 1_073_741_824, artifactBytes: 536_870_912 },
      onInterrupted: 'rollback',
      restart: restartDefaults,
      restartTriggers: [
        'package.json',
        'package-lock.json',
        'npm-shrinkwrap.json',
        'pnpm-lock.yaml',
        'yarn.lock',
        'bun.lock',
        'bun.lockb',
        'deno.lock',
      ],
      notify: { console: false, openTelemetry: false },
      retention: { maxAgeMs: 2_592_000_000, maxBytes: 1_073_741_824, keepLast: 10 },
    });
  });

  it('keeps what it says', () => {
    const config = {
      checks: [
        { name: 'Types', type: 'build', required: true },
        {
          name: 'End to end',
          type: 'custom',
          command: 'node "my test.mjs" --x',
          required: false,
          timeoutMs: 5,
          env: { A: '' },
          shell: false,
        },
        { name: 'Piped', type: 'custom', command: 'a | b && $C', required: true, shell: true },
      ],
      passEnv: ['NODE_OPTIONS', 'AWS_*'],
      isolation: 'in-place',
      artifacts: ['dist/**'],
      protectedPaths: { never: ['secrets'], approval: ['src/core/**'], allow: ['docs'] },
      limits: { files: 1, fileBytes: 2, planBytes: 3, artifactBytes: 4 },
      requireApproval: 'high-risk',
      onInterrupted: 'resume',
      restart: {
        ...{ delayMs: 0, requireConfirmation: true, strategy: 'custom' as const, command: 'pm2 restart app' },
        readiness: { type: 'http' as const, url: 'http://127.0.0.1:3000/health' },
        ...{ readyWithinMs: 1, confirmAfterMs: 0, attemptsMax: 1, drainMs: 0, stopMs: 0, exitCode: 0 },
        ...{ confirmBy: 'person' as const, confirmWithinMs: 1 },
      },
      restartTriggers: [],
      notify: {
        console: true,
        openTelemetry: true,
        slack: {
          ...{ channel: 'C0123456789', tokenEnv: 'TOKEN', buttons: true },
          ...{ apiUrl: 'https://slack-gov.com/api/', minUrgency: 'high', timeoutMs: 5 },
        },
        webhook: { url: 'https://example.com/hook', secretEnv: 'S', minUrgency: 'low', timeoutMs: 5 },
      },
      retention: { maxAgeMs: 0, maxBytes: 2 ** 40, keepLast: 0 },
      stateDir: '../state',
      undeclared: 'refuse',
    };
    expect(parseConfig(config, 'x')).toEqual(config);
  });

  it('takes a plain list of protected paths for those that may never be changed', () => {
    expect(parseConfig({ protectedPaths: ['a'] }, 'x').protectedPaths).toEqual({
      never: ['a'],
      approval: [],
      allow: [],
    });
  });

  it('fills in the rest of a part', () => {
    const config = parseConfig(
      { restart: { requireConfirmation: true }, checks: [{ name: 'a', type: 'test' }] },
      'x',
    );
    expect(config.restart).toEqual({ ...restartDefaults, requireConfirmation: true });
    expect(config.checks).toEqual([{ name: 'a', type: 'test', required: true }]);
  });

  it('shares nothing with its input or with another', () => {
    const input = { artifacts: ['a'] };
    parseConfig(input, 'x').artifacts.push('b');
    parseConfig({}, 'x').restartTriggers.push('b');
    expect(input).toEqual({ artifacts: ['a'] });
    expect(parseConfig({}, 'x').restartTriggers).not.toContain('b');
  });
});

describe('a mistake is named with its place:', () => {
  const check = (fields: object) => ({ checks: [{ name: 'a', type: 'custom', command: 'x', ...fields }] });

  it.each<[string, unknown, string, string]>([
    ['no object', null, '', 'object'],
    ['a list', [], '', 'object'],
    ['text', 'checks', '', 'object'],
    ['an unknown key', { check: [] }, 'check', 'not a known key'],
    ['an unknown key of a check', check({ timeout: 5 }), 'checks.0.timeout', 'not a known key'],
    ['a result in a check', check({ passed: true }), 'checks.0.passed', 'not a known key'],
    ['an unknown key of restart', { restart: { delay: 5 } }, 'restart.delay', 'not a known key'],
    ['an unknown key of notify', { notify: { slak: {} } }, 'notify.slak', 'not a known key'],
    [
      'an unknown key of Slack',
      { notify: { slack: { channel: 'C0123456789', token: 'x' } } },
      'notify.slack.token',
      'not a known key',
    ],
    ['a Slack that is not reached', { notify: { slack: {} } }, 'notify.slack', '`webhookUrlEnv`'],
    [
      'a Slack reached by two ways',
      { notify: { slack: { channel: 'C0123456789', webhookUrlEnv: 'URL' } } },
      'notify.slack',
      'either',
    ],
    ['the name of a channel', { notify: { slack: { channel: '#general' } } }, 'notify.slack.channel', 'id'],
    [
      'a token where its variable is named',
      { notify: { slack: { channel: 'C0123456789', tokenEnv: 'xoxb-1-2' } } },
      'notify.slack.tokenEnv',
      'does not belong in a file',
    ],
    [
      'a secret URL where its variable is named',
      { notify: { slack: { webhookUrlEnv: 'https://hooks.slack.com/services/x' } } },
      'notify.slack.webhookUrlEnv',
      'does not belong in a file',
    ],
    [
      'a webhook that is not encrypted',
      { notify: { webhook: { url: 'http://example.com' } } },
      'notify.webhook.url',
      'https:',
    ],
    ['a webhook without URL', { notify: { webhook: {} } }, 'notify.webhook', '`urlEnv`'],
    [
      'an urgency',
      { notify: { webhook: { urlEnv: 'U', minUrgency: 'huge' } } },
      'notify.webhook.minUrgency',
      '"low"',
    ],
    ['checks that are no list', { checks: {} }, 'checks', 'a list'],
    ['a check without name', check({ name: undefined }), 'checks.0.name', 'missing'],
    ['a check with an empty name', check({ name: ' ' }), 'checks.0.name', 'must not be empty'],
    ['a check without type', check({ type: undefined }), 'checks.0.type', '"custom"'],
    [
      'a check of unknown type',
      check({ type: 'bench' }),
      'checks.0.type',
      '"build", "test", "lint", "custom"',
    ],
    ['a custom check without command', check({ command: undefined }), 'checks.0.command', '"a"'],
    ['an empty command', check({ command: '' }), 'checks.0.command', 'must not be empty'],
    ['an open quote', check({ name: 'Q', command: 'echo "' }), 'checks.0.command', '"Q"'],
    ['a pipe without shell', check({ command: 'a | b' }), 'checks.0.command', '"shell": true'],
    [
      'a pipe with shell: false',
      check({ command: 'a | b', shell: false }),
      'checks.0.command',
      'needs a shell',
    ],
    ['a zero byte in a command', check({ command: 'a\0', shell: true }), 'checks.0.command', 'zero byte'],
    ['required that is no boolean', check({ required: 'yes' }), 'checks.0.required', 'true or false'],
    ['a timeout of 0', check({ timeoutMs: 0 }), 'checks.0.timeoutMs', 'milliseconds'],
    ['a timeout of 1.5', check({ timeoutMs: 1.5 }), 'checks.0.timeoutMs', 'milliseconds'],
    ['a timeout no timer can hold', check({ timeoutMs: 2 ** 31 }), 'checks.0.timeoutMs', '2,147,483,647'],
    ['a timeout as text', check({ timeoutMs: '5' }), 'checks.0.timeoutMs', 'number'],
    ['an environment value that is no text', check({ env: { A: 1 } }), 'checks.0.env.A', 'text'],
    ['an environment name with =', check({ env: { 'A=B': '1' } }), 'checks.0.env.A=B', 'name'],
    ['an empty environment name', check({ env: { '': '1' } }), 'checks.0.env.', 'name'],
    ['an environment value with a zero byte', check({ env: { A: '\0' } }), 'checks.0.env.A', 'zero byte'],
    ['isolation by worktree', { isolation: 'worktree' }, 'isolation', 'not available yet'],
    ['unknown isolation', { isolation: 'docker' }, 'isolation', '"in-place"'],
    ['null isolation', { isolation: null }, 'isolation', '"in-place"'],
    ['artifacts that are no list', { artifacts: 'dist' }, 'artifacts', 'a list'],
    ['an empty artifact', { artifacts: ['a', ''] }, 'artifacts.1', 'must not be empty'],
    ['a protected path that is no text', { protectedPaths: [1] }, 'protectedPaths.0', 'text'],
    ['no name of a variable', { passEnv: ['A=1'] }, 'passEnv.0', 'environment variable'],
    ['unknown approval', { requireApproval: true }, 'requireApproval', '"high-risk"'],
    ['an unknown onInterrupted', { onInterrupted: 'ask' }, 'onInterrupted', '"resume"'],
    ['a negative delay', { restart: { delayMs: -1 } }, 'restart.delayMs', 'milliseconds'],
    ['a strategy nobody knows', { restart: { strategy: 'pray' } }, 'restart.strategy', '"supervised"'],
    ['custom without a command', { restart: { strategy: 'custom' } }, 'restart.command', 'command'],
    ['no attempt', { restart: { attemptsMax: 0 } }, 'restart.attemptsMax', 'from 1'],
    [
      'a port that is none',
      { restart: { readiness: { type: 'tcp', port: 0 } } },
      'restart.readiness.port',
      '65,535',
    ],
    [
      'another protocol',
      { restart: { readiness: { type: 'http', url: 'ftp://a' } } },
      'restart.readiness.url',
      'URL',
    ],
    ['restart: null', { restart: null }, 'restart', 'object'],
    ['an unknown key of retention', { retention: { days: 3 } }, 'retention.days', 'not a known key'],
    ['a negative age', { retention: { maxAgeMs: -1 } }, 'retention.maxAgeMs', 'milliseconds'],
    ['half a byte', { retention: { maxBytes: 0.5 } }, 'retention.maxBytes', 'bytes'],
    ['an endless age', { retention: { maxAgeMs: Infinity } }, 'retention.maxAgeMs', 'number'],
    ['keepLast as text', { retention: { keepLast: '3' } }, 'retention.keepLast', 'number'],
    ['an empty stateDir', { stateDir: '' }, 'stateDir', 'must not be empty'],
    ['a restart trigger that is no text', { restartTriggers: [null] }, 'restartTriggers.0', 'text'],
  ])('%s', (_, input, path, message) => {
    const issues = issuesOf(input);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.path).toBe(path);
    expect(issues[0]?.message).toContain(message);
  });

  it('two checks of one name', () => {
    const named = (name: string) => ({ name, type: 'test' });
    expect(issuesOf({ checks: [named('a'), named('b'), named('a')] })).toEqual([
      { path: 'checks.2.name', message: 'checks.0 is called "a" already' },
    ]);
  });

  it('all of them at once', () => {
    const paths = issuesOf({ a: 1, b: 2, stateDir: 5, checks: [{ name: '', type: 'test' }] }).map(
      ({ path }) => path,
    );
    expect(paths.sort()).toEqual(['a', 'b', 'checks.0.name', 'stateDir']);
  });

  it.each([
    ['{"__proto__": {"isolation": "worktree"}}', '__proto__'],
    ['{"restart": {"__proto__": null}}', 'restart.__proto__'],
    ['{"checks": [{"name": "a", "type": "test", "env": {"__proto__": "x"}}]}', 'checks.0.env.__proto__'],
  ])('a key that would be lost: %s', (json, path) => {
    expect(issuesOf(JSON.parse(json)).map((issue) => issue.path)).toEqual([path]);
  });
});

describe('the hash of a configuration', () => {
  const hash = (input: unknown) => configHash(parseConfig(input, 'x'));

  it('does not depend on the order of keys, or on whether a default is written out', () => {
    const a = { isolation: 'in-place', checks: [{ name: 'a', type: 'test', env: { A: '1', B: '2' } }] };
    const b = {
      checks: [{ env: { B: '2', A: '1' }, required: true, type: 'test', name: 'a' }],
      artifacts: [],
    };
    expect(hash(a)).toBe(hash(b));
    expect(hash(a)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same when a later version has more keys, each with its default', () => {
    const config = parseConfig({ checks: [{ name: 'a', type: 'test' }], limits: { files: 5 } }, 'x');
    const { undeclared, restart, limits, ...kept } = config;
    expect([undeclared, restart.delayMs, limits.fileBytes]).toEqual(['restore', 10_000, 268_435_456]);
    const earlier = { ...kept, limits: { files: 5 } } as MoultConfig;
    expect(configHash(earlier)).toBe(configHash(config));
  });

  it('changes with every value', () => {
    const variants = [
      {},
      { checks: [] },
      { checks: [{ name: 'a', type: 'test' }] },
      { checks: [{ name: 'a', type: 'test', required: false }] },
      { checks: [{ name: 'a', type: 'test', command: 'x' }] },
      { artifacts: ['a', 'b'] },
      { artifacts: ['b', 'a'] },
      { protectedPaths: ['a', 'b'] },
      { stateDir: 'a' },
      { restart: { delayMs: 1 } },
      { limits: { files: 1 } },
      { limits: { fileBytes: 1 } },
      { undeclared: 'report' },
      { requireApproval: 'never' },
    ];
    expect(new Set(variants.map(hash)).size).toBe(variants.length);
  });
});
