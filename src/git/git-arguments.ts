import { oidPattern } from './git-object.js';

/** Every command of git that is ever run, with all its options: none of them writes to a repository, asks or starts a program. */
const commands = {
  'cat-file': ['--batch', '--batch-check=%(objectsize)', 'blob'],
  'check-attr': ['-z', '--stdin'],
  'diff-files': [],
  'diff-index': ['--cached'],
  'ls-files': ['--others', '--exclude-standard', '-z'],
  'ls-tree': ['-r', '-z', '--full-tree'],
  // Of the copy of the index that lies in our own folder.
  'update-index': ['--no-split-index', '--force-write-index'],
} as const satisfies Record<string, readonly string[]>;

type Command = keyof typeof commands;

/** Goes with both diffs. */
const diffOptions = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-renames',
  // Otherwise git would start itself in every submodule, under the submodule's own configuration.
  '--ignore-submodules=all',
  '--no-ext-diff',
  '--no-textconv',
];

interface Operands {
  /** Ids of objects. */
  objects?: readonly string[];
  /** Names of attributes. */
  attributes?: readonly string[];
  /** Of the working tree; they stand behind `--`, where nothing is an option. */
  paths?: readonly string[];
}

/**
 * The arguments of one git command, in which nothing that comes from elsewhere can become an option.
 *
 * @throws TypeError for an option that is not on the list of the command, and for what is no id or no name.
 */
export function gitArguments<Name extends Command>(
  command: Name,
  options: readonly (typeof commands)[Name][number][],
  { objects = [], attributes = [], paths }: Operands = {},
): string[] {
  const known: readonly string[] = commands[command];
  for (const option of options) if (!known.includes(option)) throw unfit(command, option);
  for (const oid of objects) if (!oidPattern.test(oid)) throw unfit(command, oid);
  for (const name of attributes) if (!/^[a-z][a-z-]*$/.test(name)) throw unfit(command, name);
  const isDiff = command === 'diff-files' || command === 'diff-index';
  return [
    command,
    ...options,
    ...(isDiff ? diffOptions : []),
    ...attributes,
    ...objects,
    ...(paths === undefined ? [] : ['--', ...paths]),
  ];
}

function unfit(command: string, word: string): TypeError {
  return new TypeError(`git ${command} is never given ${JSON.stringify(word)}`);
}
