// Runs tests of the engine inside a pre-commit hook of a linked worktree, where git has set variables of its own that name
// another repository. `node test/attacks/in-hook.mjs [arguments of vitest]`; without arguments, all of them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../..');
const base = realpathSync(mkdtempSync(join(tmpdir(), 'moult-in-hook-')));
const quoted = (word) => `'${word.replaceAll("'", `'\\''`)}'`;
const names = Object.entries(process.env).filter(([name]) => !/^(GIT_|VITEST)/.test(name));
const env = { ...Object.fromEntries(names), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const person = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
const git = (cwd, ...args) => execFileSync('git', [...person, ...args], { cwd, env, stdio: 'ignore' });

try {
  const [main, linked] = [join(base, 'main'), join(base, 'linked')];
  git(base, 'init', '--quiet', main);
  writeFileSync(join(main, 'a.txt'), 'a\n');
  git(main, 'add', '--all');
  git(main, 'commit', '--quiet', '--message', 'Begin');
  git(main, 'worktree', 'add', '--quiet', linked);
  const vitest = [
    process.execPath,
    join(repository, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...process.argv.slice(2),
  ];
  const hook = `#!/bin/sh\n[ -n "$GIT_INDEX_FILE" ] || exit 9\ncd ${quoted(repository)} && ${vitest.map(quoted).join(' ')}\n`;
  writeFileSync(join(main, '.git/hooks/pre-commit'), hook, { mode: 0o755 });
  writeFileSync(join(linked, 'b.txt'), 'b\n');
  git(linked, 'add', '--all');
  const commit = spawnSync('git', [...person, 'commit', '--message', 'Tested'], {
    cwd: linked,
    env,
    stdio: 'inherit',
  });
  // The commit is there only if the hook, and so every test, passed; and it is what was staged, no more.
  if (commit.status === 0) {
    const seen = execFileSync('git', ['show', '--name-status', '--format=', 'HEAD'], {
      cwd: linked,
      env,
      encoding: 'utf8',
    });
    if (seen.trim() !== 'A\tb.txt') throw new Error(`the commit holds something else: ${seen}`);
  }
  process.exitCode = commit.status ?? 1;
} finally {
  rmSync(base, { recursive: true, force: true });
}
