import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../src/checks/parse-command.js';
import { MoultError } from '../../../src/errors/moult-error.js';

const words = (command: string) => {
  const { program, args } = parseCommand(command, 'check');
  return [program, ...args];
};
const refusal = (command: string): MoultError => {
  try {
    parseCommand(command, 'My Check');
  } catch (error) {
    expect(error).toBeInstanceOf(MoultError);
    return error as MoultError;
  }
  throw new Error(`not refused: ${command}`);
};

describe('a command line', () => {
  it.each([
    ['npm run build', ['npm', 'run', 'build']],
    ['  npm \t run  build ', ['npm', 'run', 'build']],
    [`node -e 'console.log("a b")'`, ['node', '-e', 'console.log("a b")']],
    [`node -e "process.exit(a > 1 && b || c; 0)"`, ['node', '-e', 'process.exit(a > 1 && b || c; 0)']],
    [`echo "say \\"hi\\" \\\\ \\$HOME \\\`"`, ['echo', 'say "hi" \\ $HOME `']],
    [`echo "keeps \\n and \\'"`, ['echo', "keeps \\n and \\'"]],
    [`echo 'it'\\''s'`, ['echo', "it's"]],
    ['echo a\\ b', ['echo', 'a b']],
    ['echo \\$HOME \\; \\| \\&', ['echo', '$HOME', ';', '|', '&']],
    [`echo '' ""`, ['echo', '', '']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    [`grep -E '^foo$|\`x\`|$(y)'`, ['grep', '-E', '^foo$|`x`|$(y)']],
    [`grep "foo$" x`, ['grep', 'foo$', 'x']],
    ['grep foo$ x', ['grep', 'foo$', 'x']],
    ['eslint src/**/*.ts --max-warnings=0', ['eslint', 'src/**/*.ts', '--max-warnings=0']],
    ['echo a#b ~ {a,b} [x] ?', ['echo', 'a#b', '~', '{a,b}', '[x]', '?']],
    ['"/opt/my tools/run" x', ['/opt/my tools/run', 'x']],
    ['echo täst 🦋', ['echo', 'täst', '🦋']],
    ['echo "täst 🦋" \\🦋', ['echo', 'täst 🦋', '🦋']],
    [`echo 'a\nb'`, ['echo', 'a\nb']],
    ['echo a\\\nb', ['echo', 'ab']],
  ])('%j is split', (command, expected) => {
    expect(words(command)).toEqual(expected);
  });

  it.each([
    ['', 'empty'],
    ['  \t ', 'empty'],
    ['""', 'empty'],
    [`echo 'a`, 'single quote'],
    ['echo "a', 'double quote'],
    ['echo "a\\"', 'double quote'],
    ['echo a\\', 'backslash'],
    ['a && b', '"&&"'],
    ['a||b', '"||"'],
    ['a | b', '"|"'],
    ['a; b', '";"'],
    ['a > b', '">"'],
    ['a 2>&1', '">"'],
    ['a < b', '"<"'],
    ['a &', '"&"'],
    ['echo `b`', '"`"'],
    ['echo $(b)', '"$("'],
    ['echo ${B}', '"${"'],
    ['(a)', '"("'],
    ['a\nb', '"\\n"'],
    ['echo $HOME/bin', '$HOME'],
    ['$HOME/bin/a', '$HOME'],
    ['echo $1 $?', '$1'],
    ['echo $?', '$?'],
    ['echo "$HOME"', '$H'],
    ['echo "${HOME}"', '${'],
    ['echo "$(pwd)"', '$('],
    ['echo "`pwd`"', '`'],
    ['echo a # b', 'comment'],
    ['A=1 node x', '"env"'],
    ['A="x y" node x', '"env"'],
    ['echo a\0b', 'zero byte'],
  ])('%j is refused', (command, reason) => {
    const error = refusal(command);
    expect(error.code).toBe('CHECK_COMMAND_INVALID');
    expect((error.details as { reason: string }).reason).toContain(reason);
    expect(error.message).toContain('"My Check"');
    expect(error.remedy).toContain('"shell": true');
  });

  it('is split as the shell splits it, or refused', () => {
    const pieces = fc.constantFrom('a', 'b', ' ', "'", '"', '\\', '$', '-', '=', '*x', '#', 'é', '\\"', '$a');
    const line = fc.array(pieces, { minLength: 1, maxLength: 10 }).map((parts) => `x ${parts.join('')}`);
    fc.assert(
      fc.property(line, (command) => {
        let ours: string[];
        try {
          ours = words(command).slice(1);
        } catch (error) {
          expect((error as MoultError).code).toBe('CHECK_COMMAND_INVALID');
          return;
        }
        const script = `set -f; x() { for w do printf '%s\\0' "$w"; done; }; ${command}`;
        const shells = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
        expect(ours).toEqual(shells);
      }),
      { numRuns: 400 },
    );
  });
});
