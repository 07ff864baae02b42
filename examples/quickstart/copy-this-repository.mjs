import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const original = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Clones this repository into a temporary folder, links its installed packages into the clone, and leaves work open
 * there: staged, changed, untracked, ignored and stashed.
 */
export async function copyThisRepository() {
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'moult-quickstart-'));
  const root = path.join(folder, 'moult');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const git = await gitOfOurOwn(folder, root);
    await linkPackages(root);
    return { folder, root, remove, openWork: await leaveOpenWork(root, git) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A git with an identity, whoever runs this, and that clones a checkout of another user. */
async function gitOfOurOwn(folder, root) {
  const config = path.join(folder, 'gitconfig');
  await writeFile(
    config,
    '[user]\n\tname = Quickstart\n\temail = quickstart@example.org\n[safe]\n\tdirectory = *\n',
  );
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(inherited), GIT_CONFIG_GLOBAL: config, GIT_TERMINAL_PROMPT: '0' };
  const run = (cwd, args) => execFileSync('git', args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  run(folder, ['clone', '--quiet', '--no-hardlinks', original, root]);
  return (...args) => run(root, args);
}

/** In a folder of their own, so that what a tool writes beside the packages stays in the clone. */
async function linkPackages(root) {
  const [from, to] = [original, root].map((place) => path.join(place, 'node_modules'));
  await mkdir(to);
  for (const name of await readdir(from)) {
    // .bin is needed, the caches of tools are not.
    if (name.startsWith('.') && name !== '.bin') continue;
    await symlink(path.join(from, name), path.join(to, name));
  }
}

async function leaveOpenWork(root, git) {
  const at = (...names) => path.join(root, ...names);
  await appendFile(at('LICENSE'), '\nAn idea that was put aside.\n');
  git('stash', 'push', '--quiet');
  await appendFile(at('CHANGELOG.md'), '\n- A line that is staged.\n');
  git('add', 'CHANGELOG.md');
  await appendFile(at('README.md'), '\nA line that nobody has committed.\n');
  await writeFile(at('notes.txt'), 'A file that git does not know.\n');
  await chmod(at('notes.txt'), 0o600);
  await mkdir(at('coverage'));
  await writeFile(at('coverage', 'report.txt'), 'A file that git ignores.\n');
  return [
    'staged     CHANGELOG.md',
    'changed    README.md',
    'untracked  notes.txt, moult.config.json',
    'ignored    coverage/report.txt, node_modules',
    'stashed    LICENSE',
  ];
}
