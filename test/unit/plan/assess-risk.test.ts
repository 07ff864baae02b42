import { describe, expect, test } from 'vitest';
import { assessRisk, type PathToAssess } from '../../../src/plan/assess-risk.js';
import { manifestChanges } from '../../../src/plan/manifest-changes.js';
import type { FileRisk } from '../../../src/plan/plan.js';
import { testLoss } from '../../../src/plan/test-loss.js';
import { growth } from '../../support/growth.js';

function assess(path: string, rest: Partial<PathToAssess> = {}): FileRisk {
  return assessRisk([{ path, type: 'modify', ...rest }]).fileRisks[0]!;
}
const levelOf = (path: string, rest: Partial<PathToAssess> = {}) => assess(path, rest).level;

describe('by name', () => {
  test.each(
    [
      ...[
        'package.json',
        'packages/a/package.json',
        'PACKAGE.JSON',
        'package-lock.json',
        'npm-shrinkwrap.json',
      ],
      ...['yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb', 'deno.lock', 'Cargo.lock', 'go.sum'],
      ...[
        '.github/workflows/ci.yml',
        'sub/.github/workflows/x/y.yml',
        '.gitlab-ci.yml',
        '.circleci/config.yml',
      ],
      ...['Jenkinsfile', 'azure-pipelines.yml', '.travis.yml', 'bitbucket-pipelines.yml', '.buildkite/p.yml'],
      ...['.drone.yml', '.woodpecker.yml', '.woodpecker/build.yaml'],
      ...[
        'tsconfig.json',
        'tsconfig.build.json',
        'eslint.config.js',
        'eslint.config.mts',
        '.eslintrc',
        '.eslintrc.cjs',
      ],
      ...[
        'prettier.config.js',
        '.prettierrc',
        '.prettierrc.json',
        'biome.json',
        'biome.jsonc',
        'vitest.config.ts',
      ],
      ...[
        'vitest.config.unit.ts',
        'vitest.workspace.ts',
        'jest.config.js',
        'vite.config.ts',
        'webpack.config.js',
      ],
      ...[
        'webpack.prod.js',
        'rollup.config.mjs',
        'babel.config.json',
        '.babelrc',
        'tsup.config.ts',
        'knip.json',
      ],
      ...['playwright.config.ts', 'cypress.config.ts', 'packages/a/vitest.config.ts', '.mocharc.yml'],
      ...[
        '.husky/pre-commit',
        '.githooks/pre-push',
        'lefthook.yml',
        '.pre-commit-config.yaml',
        '.lintstagedrc.json',
      ],
      ...['.env', '.env.local', 'packages/a/.env.production', '.envrc', '.npmrc', '.yarnrc', '.yarnrc.yml'],
      ...['.yarn/releases/yarn.cjs', 'node_modules/vitest/index.js', 'a/node_modules/.bin/tsc'],
    ].map((path) => [path]),
  )('%s is critical: it judges the change', (path) => {
    const { level, reasons } = assess(path);
    expect(level).toBe('critical');
    expect(reasons[0]).toMatch(/^it is \w+/);
  });

  test.each(
    [
      ...[
        'index.ts',
        'server.ts',
        'app.ts',
        'backend/src/index.ts',
        'src/Server.TS',
        'App.tsx',
        'index.js',
        'app.mjs',
      ],
      ...['server.cjs', 'index.mts', 'index.cts', 'index.jsx'],
      ...[
        'Dockerfile',
        'Dockerfile.prod',
        'docker-compose.yml',
        'compose.yaml',
        'docker-compose.dev.yml',
        'Makefile',
      ],
      ...['.gitattributes', '.gitmodules'],
    ].map((path) => [path]),
  )('%s is high', (path) => {
    expect(levelOf(path)).toBe('high');
  });

  test.each(
    [
      ...[
        'src/reindex.ts',
        'myapp.ts',
        'index.d.ts',
        'index.test.ts',
        'app.tsv',
        'observer.ts',
        'mypackage.json',
      ],
      ...[
        'package.json.md',
        'my-package-lock.json',
        'index.ts.bak',
        'environment.ts',
        'env',
        'src/.environment',
      ],
      ...[
        'docs/dockerfile-notes.md',
        'github/workflows/a.yml',
        '.github/ISSUE_TEMPLATE.md',
        'src/webpack.md',
      ],
      ...[
        'src/a.ts',
        'README.md',
        '.gitignore',
        'test/a.test.ts',
        'husky/pre-commit',
        'app/a.ts',
        'server/a.ts',
      ],
    ].map((path) => [path]),
  )('%s is low, without reasons', (path) => {
    expect(assess(path)).toEqual({ path, level: 'low', reasons: [] });
  });

  test('a file that is only a target counts as well', () => {
    expect(levelOf('backend/src/index.ts', { type: null })).toBe('high');
  });
});

describe('by kind of change', () => {
  test.each([
    'test/a.ts',
    'src/a.test.ts',
    'src/a.spec.tsx',
    'src/__tests__/a.js',
    'pkg/a_test.go',
    'test_a.py',
    'Tests/A.ts',
  ])('without the test %s nobody watches', (path) => {
    expect(levelOf(path, { type: 'delete' })).toBe('critical');
    expect(levelOf(path, { isEmptied: true })).toBe('critical');
    expect(levelOf(path, { isSymlink: true })).toBe('critical');
    expect(levelOf(path)).toBe('low');
    expect(levelOf(path, { type: 'create' })).toBe('low');
  });

  test('a deleted or emptied file and a symbolic link are medium', () => {
    expect(assess('src/a.ts', { type: 'delete' })).toMatchObject({
      level: 'medium',
      reasons: ['it is deleted'],
    });
    expect(assess('src/a.ts', { isEmptied: true })).toMatchObject({
      level: 'medium',
      reasons: ['it is emptied'],
    });
    expect(levelOf('src/a.ts', { type: 'create', isSymlink: true })).toBe('medium');
    expect(levelOf('src/latest.ts', { type: 'delete' })).toBe('medium');
  });

  test('the higher level wins, and all reasons are told', () => {
    const { level, reasons } = assess('src/index.ts', { type: 'delete' });
    expect(level).toBe('high');
    expect(reasons).toHaveLength(2);
  });
});

test("the planner's own estimate raises the level and never lowers it", () => {
  expect(levelOf('src/a.ts', { risk: 'medium' })).toBe('medium');
  expect(levelOf('src/a.ts', { risk: 'high' })).toBe('high');
  expect(levelOf('index.ts', { risk: 'low' })).toBe('high');
  expect(levelOf('package.json', { risk: 'high' })).toBe('critical');
});

test('the whole has the highest level of all, and lists what is high and critical', () => {
  const paths = ['src/a.ts', 'index.ts', 'package.json'].map((path) => ({ path, type: 'modify' as const }));
  const { risk, highRiskFiles, fileRisks } = assessRisk(paths);
  expect(risk).toBe('critical');
  expect(highRiskFiles).toEqual(['index.ts', 'package.json']);
  expect(fileRisks.map(({ level }) => level)).toEqual(['low', 'high', 'critical']);
});

test('nothing is low', () => {
  expect(assessRisk([])).toEqual({ risk: 'low', fileRisks: [], highRiskFiles: [] });
});

test('many files are assessed in linear time', () => {
  const prepare = (count: number) => {
    const paths = Array.from({ length: count }, (_, i) => ({ path: `src/${i}.ts`, type: 'modify' as const }));
    return () => expect(assessRisk(paths).risk).toBe('low');
  };
  expect(growth(prepare, 40, 50)).toBeLessThan(6 * 50);
});

describe('by what a package.json says', () => {
  const manifest = (before: object, after: object) =>
    manifestChanges(Buffer.from(JSON.stringify(before)), Buffer.from(JSON.stringify(after)));

  test('words for people are high, and no more', () => {
    const { level, reasons } = assess('package.json', {
      manifest: manifest(
        { description: 'a', scripts: { test: 'x' } },
        { description: 'b', scripts: { test: 'x' } },
      ),
    });
    expect([level, reasons]).toEqual(['high', ['it is a package manifest']]);
  });

  test.each([
    [{ scripts: { test: 'vitest' } }, { scripts: { test: 'true' } }, 'scripts'],
    [{}, { dependencies: { left: '1' } }, 'dependencies'],
    [{ jest: {} }, {}, 'jest'],
    [{ exports: { a: '1', b: '2' } }, { exports: { b: '2', a: '1' } }, 'exports'],
    [{ version: '1' }, { version: '2', unknown: 1 }, 'unknown'],
  ])('%j to %j is critical', (before, after, key) => {
    const { level, reasons } = assess('a/package.json', { manifest: manifest(before, after) });
    expect(level).toBe('critical');
    expect(reasons).toEqual([expect.stringMatching(new RegExp(`; it changes ${key}$`))]);
  });

  test('what is no JSON is critical', () => {
    const unreadable = manifestChanges(Buffer.from('{}'), Buffer.from('{'));
    expect(assess('package.json', { manifest: unreadable }).level).toBe('critical');
  });
});

describe('a test that checks less than before', () => {
  const loss = (before: string, after: string) => testLoss(Buffer.from(before), Buffer.from(after));

  test.each([
    ['test("a", () => { expect(1).toBe(1); });', '// later', /nothing in it/],
    ['it("a", f); it("b", f);', 'it("a", f);', /fewer .* 1, and 2 before/],
    ['it("a", f);', 'it.skip("a", f);', /leaves out/],
    ['it("a", f);', 'it.only("a", f);', /leaves out/],
    ['def test_a():\n  assert x', '@pytest.mark.skip\ndef test_a():\n  assert x', /leaves out/],
  ])('%s to %s', (before, after, reason) => {
    const found = loss(before, after);
    expect(found).toMatch(reason);
    expect(assess('src/a.test.ts', { testLoss: found }).level).toBe('critical');
  });

  test.each([
    ['it("a", f);', 'it("a", f); it("b", f);'],
    ['it("a", f);', 'it("a", () => { expect(2).toBe(2); });'],
    ['const a = 1;', 'const a = 2;'],
    ['', 'it("a", f);'],
  ])('is not seen in %j to %j', (before, after) => {
    expect(loss(before, after)).toBeNull();
  });
});
