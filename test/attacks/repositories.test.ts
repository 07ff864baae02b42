import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { gitArguments } from '../../src/git/git-arguments.js';
import { attackGround, type AttackGround } from './attack-ground.js';
import { useCommandLine, useLibrary, useMcp } from './every-verb.js';
import { callerVariables, configuredPrograms, hooks } from './repository-attacks.js';

const source = path.resolve(import.meta.dirname, '../../src');

describe('a repository full of traps', () => {
  let ground: AttackGround;
  let ran: string[] = [];
  let couldRun: string[] = [];
  const verbs: Record<string, { there: string[]; ran: string[] }> = {};

  beforeAll(async () => {
    ground = await attackGround();
    const { root } = ground;
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'ignore' });
    // Every commit is to be signed, by the trap that stands for gpg.
    const included = ['[commit]\n\tgpgSign = true\n'];
    for (const [key, value] of Object.entries(configuredPrograms)) {
      const [section = '', ...rest] = key.split('.');
      const name = rest.pop();
      const heading = rest.length > 0 ? `[${section} "${rest.join('.')}"]` : `[${section}]`;
      included.push(`${heading}\n\t${name} = "${value(ground.trap(key))}"\n`);
    }
    fs.writeFileSync(`${ground.outside}/included`, included.join(''));
    fs.appendFileSync(ground.at('.git/config'), `[include]\n\tpath = ${ground.outside}/included\n`);
    for (const hook of hooks) {
      const script = ground.trap(`hook ${hook}`);
      fs.copyFileSync(script, ground.at(`.git/hooks/${hook}`));
      fs.chmodSync(ground.at(`.git/hooks/${hook}`), 0o755);
    }
    await ground.write('.gitattributes', '*.ts filter=trap diff=trap merge=trap\n*.txt filter=other\n');
    // A repository within the project, without a `.git` of its own, that git would take for one.
    fs.cpSync(ground.at('.git'), ground.at('embedded'), { recursive: true });
    // What was staged in the past looks changed, so that git would ask the filters.
    fs.utimesSync(ground.at('src/b.ts'), new Date(), new Date());
    await ground.remember();
    await useLibrary(ground);
    verbs['the command line'] = await useCommandLine(ground);
    verbs['the tool of MCP'] = await useMcp(ground);
    await ground.expectUntouched();
    ran = ground.sprung();
    try {
      git('add', '--all', '.');
    } catch {
      // A filter that is a trap may fail.
    }
    couldRun = ground.sprung();
  }, 120_000);
  afterAll(() => ground.remove());

  it('does work on a git that is not hardened', () => {
    expect(couldRun).toContain('core-fsmonitor');
    expect(couldRun).toContain('filter-trap-clean');
  });

  it.each(['the command line', 'the tool of MCP'])('met every verb of %s', (which) => {
    const { there, ran: used } = verbs[which]!;
    expect([...new Set(used)].sort()).toEqual([...there].sort());
  });

  it.each([...Object.keys(configuredPrograms), ...hooks.map((hook) => `hook ${hook}`), 'include.path'])(
    'runs nothing in any verb of ours: %s',
    (name) => {
      expect(ran).not.toContain(name.replace(/\W+/g, '-'));
    },
  );

  it('runs nothing at all, and is as it was', () => {
    expect(ran).toEqual([]);
  });
});

describe('variables of the caller', () => {
  let ground: AttackGround;
  beforeAll(async () => {
    ground = await attackGround();
    fs.cpSync(ground.at('.'), `${ground.outside}/decoy`, { recursive: true });
    fs.writeFileSync(`${ground.outside}/gitconfig`, `[core]\n\tfsmonitor = ${ground.trap('gitconfig')}\n`);
    await ground.remember();
  });
  afterEach(() => vi.unstubAllEnvs());
  afterAll(() => ground.remove());

  it.each(Object.entries(callerVariables))('%s is without effect', async (name, value) => {
    vi.stubEnv(name, value({ outside: ground.outside, trap: ground.trap('variable') }));
    await ground.remember();
    const service = ground.service();
    await service.planImprovement({
      description: 'x',
      targetFiles: [],
      requiresRestart: false,
      changes: [{ file: 'src/a.ts', type: 'modify', content: `${name}\n` }],
    });
    const { status, taskId } = await service.executeImprovement();
    expect(status).toBe('completed');
    await service.rollbackImprovement(taskId);
    expect(ground.sprung()).toEqual([]);
    await ground.expectUntouched();
  });
});

describe('git', () => {
  it('is started by one file only', () => {
    const files = fs
      .readdirSync(source, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => path.join(entry.parentPath, entry.name));
    const starts = files.filter((file) =>
      /command: 'git'|(?:spawn|exec|execFile|execFileSync|spawnSync)\(\s*'git'/.test(
        fs.readFileSync(file, 'utf8'),
      ),
    );
    expect(starts.map((file) => path.relative(source, file).split(path.sep).join('/')).sort()).toEqual([
      'git/create-git.ts',
      // The testing kit plays the user, who has a git of their own.
      'testing/run-git.ts',
    ]);
  });

  it('gets its arguments from one list of commands and options', () => {
    const files = fs.readdirSync(path.join(source, 'git')).map((name) => path.join(source, 'git', name));
    const loose = files.filter((file) => /\bgit\(\s*\[/.test(fs.readFileSync(file, 'utf8')));
    expect(loose).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    [
      'an option in the place of an object',
      () => gitArguments('ls-tree', ['-z'], { objects: ['--output=x'] }),
    ],
    ['a name of a ref', () => gitArguments('cat-file', ['blob'], { objects: ['HEAD:a'] })],
    [
      'an option in the place of an attribute',
      () => gitArguments('check-attr', ['-z'], { attributes: ['--all'] }),
    ],
    ['an option of another command', () => gitArguments('ls-files', ['--exec' as never])],
  ])('is never given %s', (_, build) => {
    expect(build).toThrow(TypeError);
  });

  it('takes a path for a path, also one that begins like an option', () => {
    const args = gitArguments('ls-files', ['-z'], { paths: ['--upload-pack=x', ':(top)'] });
    expect(args.slice(args.indexOf('--'))).toEqual(['--', '--upload-pack=x', ':(top)']);
  });
});
