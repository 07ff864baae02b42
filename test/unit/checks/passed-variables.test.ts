import { describe, expect, it } from 'vitest';
import { passedVariables } from '../../../src/checks/passed-variables.js';

describe('the variables of the host that a check gets', () => {
  it.each([
    'PATH',
    'Path',
    'HOME',
    'LC_ALL',
    'http_proxy',
    'SystemRoot',
    'ProgramFiles(x86)',
    'npm_config_cache',
  ])('are always %s', (name) => {
    expect(passedVariables()(name)).toBe(true);
  });

  it.each([
    'AWS_SECRET_ACCESS_KEY',
    'NODE_ENV',
    'NODE_OPTIONS',
    'GIT_DIR',
    'npm_config__authToken',
    'PATH_TO_X',
  ])('are not %s', (name) => {
    expect(passedVariables()(name)).toBe(false);
  });

  it.each([
    ['DATABASE_URL', 'DATABASE_URL', true],
    ['database_url', 'DATABASE_URL', true],
    ['DATABASE_URL', 'DATABASE_URL_2', false],
    ['A*', 'ABC', true],
    ['A*C', 'ABBC', true],
    ['A*BB*C', 'ABC', false],
    ['A*BB*C', 'ABBC', true],
    ['AB*BA', 'ABA', false],
    ['*', 'ANYTHING', true],
    ['*', 'GIT_DIR', false],
    ['G*', 'GIT_DIR', false],
    ['GIT_*', 'GIT_DIR', true],
    ['GIT_AUTHOR_*', 'GIT_AUTHOR_NAME', true],
    ['GIT_AUTHOR_*', 'GIT_DIR', false],
    ['*', 'NODE_TEST_CONTEXT', false],
    ['NODE_TEST_CONTEXT', 'NODE_TEST_CONTEXT', true],
  ])('with %s of passEnv, %s: %s', (pattern, name, isPassed) => {
    expect(passedVariables([pattern])(name)).toBe(isPassed);
  });

  it('are found in little time, whatever the pattern', () => {
    const pattern = 'A*'.repeat(2_000);
    expect(passedVariables([pattern])(`${'A'.repeat(1_999)}B`)).toBe(false);
  });
});
