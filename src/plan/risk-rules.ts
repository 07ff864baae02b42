import type { RiskLevel } from './plan.js';

/** What is risky by its name alone, wherever in the project it lies. */
export interface RiskRule {
  level: RiskLevel;
  /** Follows the words "it is". */
  reason: string;
  /** Globs for the last component of the path. */
  names?: readonly string[];
  /** Folders, each with all that is below. */
  folders?: readonly string[];
}

const words = (text: string) => text.trim().split(/\s+/);
const entryPoints = ['index', 'server', 'app'].flatMap((name) =>
  words('ts tsx mts cts js jsx mjs cjs').map((ending) => `${name}.${ending}`),
);

export const manifestReason = 'a package manifest, with the dependencies and the scripts that the checks run';

/** What judges a change is critical: with it, the change could pass its own checks. */
export const riskRules: readonly RiskRule[] = [
  {
    level: 'critical',
    reason: manifestReason,
    names: words('package.json package.json5 package.yaml'),
  },
  {
    level: 'critical',
    reason: 'a lockfile, which decides what code the dependencies bring',
    names: words(`
      package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock jsr.lock cargo.lock
      poetry.lock pdm.lock uv.lock pipfile.lock gemfile.lock composer.lock go.sum mix.lock pubspec.lock podfile.lock
      flake.lock gradle.lockfile packages.lock.json
    `),
  },
  {
    level: 'critical',
    reason: 'configuration of a package manager, which decides where dependencies come from',
    names: words('.npmrc .yarnrc* .pnpmfile.* pnpm-workspace.yaml bunfig.toml .pnp.*'),
    folders: ['.yarn'],
  },
  {
    level: 'critical',
    reason: 'part of an installed package, which the checks may run',
    folders: ['node_modules'],
  },
  {
    level: 'critical',
    reason: 'continuous integration, which runs elsewhere and with rights of its own',
    names: words(`
      .gitlab-ci*.y*ml jenkinsfile* azure-pipelines*.y*ml .travis.y*ml bitbucket-pipelines.y*ml .drone.* .woodpecker*
      appveyor.y*ml .appveyor.y*ml .cirrus.* cloudbuild.y*ml buildspec.y*ml
    `),
    folders: words(`
      .github/workflows .github/actions .gitea/workflows .forgejo/workflows .circleci .buildkite .woodpecker .gitlab/ci
      .azure-pipelines .semaphore .teamcity
    `),
  },
  {
    level: 'critical',
    reason: 'configuration of the tools that build and check the code',
    names: words(`
      tsconfig*.json jsconfig*.json eslint.config.* .eslintrc* .eslintignore .oxlintrc* prettier.config.* .prettierrc*
      .prettierignore biome.json* .biome.json* dprint.json* .stylelintrc* stylelint.config.*
      vitest.config* vitest.workspace.* vitest.setup.* jest.config* jest.setup.* playwright.config* cypress.config.*
      cypress.json .mocharc* ava.config.* karma.conf* .nycrc* .c8rc* stryker.conf*
      vite.config* webpack.*js webpack.*ts rollup.config* rolldown.config* babel.config.* .babelrc* .swcrc tsup.config*
      tsdown.config* knip.* .knip.* turbo.json* nx.json deno.json*
      pytest.ini tox.ini conftest.py setup.cfg pyproject.toml .flake8 ruff.toml .ruff.toml .golangci.* clippy.toml
    `),
  },
  {
    level: 'critical',
    reason: 'a git hook or its configuration, which runs on the machines of those who commit',
    names: words(`
      lefthook* .lefthook* .pre-commit-config.y*ml .lintstagedrc* lint-staged.config.* .huskyrc* husky.config.*
      simple-git-hooks.* .simple-git-hooks.*
    `),
    folders: words('.husky .githooks .git-hooks .lefthook'),
  },
  {
    level: 'critical',
    reason: 'an environment file, which may hold secrets and decides how programs run',
    names: words('.env .env.* .envrc'),
  },
  {
    level: 'high',
    reason: 'an entry point, without which the program may not start',
    names: entryPoints,
  },
  {
    level: 'high',
    reason: 'a container or build file, which decides what is built and how it runs',
    names: words(`
      dockerfile dockerfile.* *.dockerfile containerfile containerfile.* .dockerignore compose*.y*ml
      docker-compose*.y*ml makefile makefile.* gnumakefile *.mk justfile
    `),
  },
  {
    level: 'high',
    reason: 'configuration of git, which decides how files are read and which repositories are fetched',
    names: words('.gitattributes .gitmodules'),
  },
];

/** Files and folders that hold tests. */
export const testFiles: Pick<RiskRule, 'names' | 'folders'> = {
  names: words('*.test.* *.spec.* *_test.* *_spec.* test_*.py *.test-d.* *.cy.* *.e2e.* *.snap'),
  folders: words('test tests __tests__ spec specs e2e cypress __snapshots__'),
};
