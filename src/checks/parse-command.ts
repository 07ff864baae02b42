import { MoultError } from '../errors/moult-error.js';

export interface ParsedCommand {
  program: string;
  args: string[];
}

/**
 * Splits a command line as a POSIX shell would: words at blanks, '…' literally, "…" with backslash escapes, \ before
 * any character. Nothing is expanded; a glob reaches the program as it is.
 *
 * @throws MoultError CHECK_COMMAND_INVALID for an empty command, an open quote, and for everything only a shell can
 * do. Run without one, it would mean something else than it says, and a check could pass for it.
 */
export function parseCommand(command: string, checkName: string): ParsedCommand {
  const reader = new CommandReader(command, (reason) => {
    throw new MoultError('CHECK_COMMAND_INVALID', { name: checkName, reason });
  });
  return reader.read();
}

/** What a shell takes for more than a letter; the longer ones first. */
const shellSyntax = ['&&', '||', '$(', '${', '|', ';', '>', '<', '&', '`', '(', ')', '\n', '\r'];
/** After one of these a $ is expanded, as in $HOME, $1, $@ or $'…'. */
const expandable = /^\$[\w@*#?!$\-"']/;
const expandableInQuotes = /^(\$[\w@*#?!$\-({]|`)/;

class CommandReader {
  #position = 0;
  readonly #words: string[] = [];
  /** Null between two words; an empty one may come from quotes. */
  #word: string | null = null;

  constructor(
    private readonly command: string,
    private readonly refuse: (reason: string) => never,
  ) {}

  read(): ParsedCommand {
    while (this.#position < this.command.length) this.#readNext();
    this.#endWord();
    const [program, ...args] = this.#words;
    if (program === undefined || program === '') this.refuse('it is empty');
    if (this.command.includes('\0')) this.refuse('it holds a zero byte');
    this.#refuseAssignment();
    return { program, args };
  }

  #readNext(): void {
    const character = this.command.charAt(this.#position);
    if (character === ' ' || character === '\t') return this.#skipBlank();
    if (character === "'") return this.#readSingleQuoted();
    if (character === '"') return this.#readDoubleQuoted();
    if (character === '\\') return this.#readEscaped();
    this.#refuseShellSyntax();
    this.#take(character);
  }

  #skipBlank(): void {
    this.#endWord();
    this.#position += 1;
  }

  #take(text: string, length = 1): void {
    this.#word = (this.#word ?? '') + text;
    this.#position += length;
  }

  #endWord(): void {
    if (this.#word !== null) this.#words.push(this.#word);
    this.#word = null;
  }

  #readSingleQuoted(): void {
    const end = this.command.indexOf("'", this.#position + 1);
    if (end === -1) this.refuse('a single quote is not closed');
    this.#take(this.command.slice(this.#position + 1, end), end + 1 - this.#position);
  }

  #readDoubleQuoted(): void {
    this.#take('');
    while (this.command[this.#position] !== '"') {
      if (this.#position >= this.command.length) this.refuse('a double quote is not closed');
      this.#readInDoubleQuotes();
    }
    this.#position += 1;
  }

  #readInDoubleQuotes(): void {
    const character = this.command.charAt(this.#position);
    const next = this.command.charAt(this.#position + 1);
    if (character === '\\' && '"\\$`\n'.includes(next) && next !== '') {
      return this.#take(next === '\n' ? '' : next, 2);
    }
    const expansion = expandableInQuotes.exec(character + next)?.[0];
    if (expansion !== undefined) {
      this.refuse(`a shell would expand ${expansion} in double quotes; single quotes keep it as it is`);
    }
    this.#take(character);
  }

  #readEscaped(): void {
    const next = this.command[this.#position + 1];
    if (next === undefined) this.refuse('nothing follows the backslash at its end');
    if (next === '\n') this.#position += 2;
    else this.#take(next, 2);
  }

  #refuseShellSyntax(): void {
    const rest = this.command.slice(this.#position, this.#position + 2);
    const operator = shellSyntax.find((syntax) => rest.startsWith(syntax));
    if (operator !== undefined) this.refuse(`${JSON.stringify(operator)} needs a shell`);
    if (expandable.test(rest)) this.refuse(`${this.#variable()} would not be expanded without a shell`);
    if (this.#word === null && rest.startsWith('#')) this.refuse('a comment needs a shell');
  }

  #variable(): string {
    return /^\$(\w+|.)/.exec(this.command.slice(this.#position, this.#position + 60))?.[0] ?? '$';
  }

  /** `NAME=value program` sets a variable, and only in a shell. */
  #refuseAssignment(): void {
    const name = /^\s*([A-Za-z_]\w*)=/.exec(this.command)?.[1];
    if (name !== undefined) this.refuse(`it sets the variable ${name}, which is what "env" is for`);
  }
}
