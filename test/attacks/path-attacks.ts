import type { ErrorCode } from '../../src/errors/error-table.js';
import type { PlannedChange } from '../../src/improvement.js';

export interface RequestAttack {
  name: string;
  /** What a request asks for; a text is a file to create. */
  changes: (PlannedChange | string)[];
  targetFiles?: string[];
  code: ErrorCode;
}

const invalid = (name: string, file: string): RequestAttack => ({
  name,
  changes: [file],
  code: 'PATH_INVALID',
});
const guarded = (name: string, file: string): RequestAttack => ({
  name,
  changes: [file],
  code: 'PATH_PROTECTED',
});
const linkTo = (name: string, symlink: string): RequestAttack => ({
  name,
  changes: [{ file: 'new-link', type: 'create', symlink }],
  code: 'PATH_INVALID',
});
const half = '\ud800';

/** Paths that lead outside, to what is not the improvement's, or to what is no file. `outside` lies beside the project. */
export const pathAttacks: RequestAttack[] = [
  invalid('one level up', '../outside/x'),
  invalid('up from within', 'src/../../outside/x'),
  invalid('the parent itself', '..'),
  invalid('an absolute path', '/tmp/moult-attack'),
  invalid('two slashes, a network path', '//server/share/x'),
  invalid('a Windows drive', 'C:/x'),
  invalid('a path relative to a Windows drive', 'c:x'),
  invalid('backslashes', '..\\outside\\x'),
  invalid('a Windows network path', '\\\\server\\share\\x'),
  invalid('a NUL', 'src/a\0.ts'),
  invalid('half a character', `src/${half}.ts`),
  invalid('dots that Windows drops', '.. /outside/x'),
  invalid('more dots that Windows drops', 'src/... /x'),
  invalid('a stream of the parent', '..::$INDEX_ALLOCATION/x'),
  invalid('a folder', 'src/'),
  invalid('the root', '.'),
  invalid('a name too long', `${'a'.repeat(256)}.ts`),
  invalid('a path too long', `${'é/'.repeat(1_500)}x`),
  guarded('the configuration of git', '.git/config'),
  guarded('a hook of git, in capitals', '.GIT/hooks/pre-commit'),
  guarded('git with a dot at its end', '.git./config'),
  guarded('git with a blank at its end', '.git /config'),
  guarded('the short name of git', 'GIT~1/config'),
  guarded('git with a letter that is not drawn', '.g\u200cit/config'),
  guarded('git in wide letters', '.\uff47\uff49\uff54/config'),
  guarded('git by a stream', '.git::$INDEX_ALLOCATION/config'),
  guarded('git of a folder below, not there yet', 'vendor/new/.git/hooks/post-checkout'),
  guarded('the state directory', '.moult/tasks/x'),
  guarded('the configuration, not there yet', 'moult.config.json'),
  guarded('the configuration in capitals', 'MOULT.CONFIG.MJS'),
  guarded('the configuration by a stream', 'moult.config.json::$DATA'),
  guarded('the configuration of a project below', 'packages/a/moult.config.js'),
  guarded('what the host protects', 'guarded/new.txt'),
  guarded('what the host protects, in capitals', 'GUARDED/new.txt'),
  guarded('what the host protects, as Windows reads it', 'guarded./new.txt'),
  guarded('what the host protects, by another form of a letter', 'gu\u0061\u200brded/new.txt'),
  {
    name: 'a target file outside',
    changes: ['new.txt'],
    targetFiles: ['../outside/secret.txt'],
    code: 'PATH_INVALID',
  },
  { name: 'through a link that leads outside', changes: ['way-out/x'], code: 'PATH_THROUGH_LINK' },
  { name: 'through a link that leads inside', changes: ['way-in/x'], code: 'PATH_THROUGH_LINK' },
  {
    name: 'a target through a link',
    changes: ['new.txt'],
    targetFiles: ['way-out/secret.txt'],
    code: 'PATH_THROUGH_LINK',
  },
  {
    name: 'into a file that a link leads to',
    changes: [{ file: 'link-out', type: 'modify', content: 'x' }],
    code: 'PATH_IS_LINK',
  },
  linkTo('a link to an absolute path', '/etc/passwd'),
  linkTo('a link that leads up', '../outside/secret.txt'),
  linkTo('a link that leads up in the end', 'src/../../outside'),
  linkTo('a link to a Windows drive', 'C:\\Windows'),
  { name: 'a FIFO', changes: [{ file: 'fifo', type: 'modify', content: 'x' }], code: 'PATH_NOT_A_FILE' },
  { name: 'a socket', changes: [{ file: 'socket', type: 'delete' }], code: 'PATH_NOT_A_FILE' },
  {
    name: 'a folder in the place of a file',
    changes: [{ file: 'src', type: 'delete' }],
    code: 'PATH_NOT_A_FILE',
  },
  { name: 'below a file', changes: ['src/a.ts/x'], code: 'PATH_INVALID' },
  { name: 'one path twice', changes: ['new.txt', './new.txt'], code: 'PATH_DUPLICATE' },
  { name: 'one path in two spellings', changes: ['new.txt', 'NEW.txt'], code: 'PATH_DUPLICATE' },
  { name: 'one path in two forms of a letter', changes: ['\u00e9', 'e\u0301'], code: 'PATH_DUPLICATE' },
  { name: 'one path below another', changes: ['new', 'new/er'], code: 'PATH_DUPLICATE' },
];
