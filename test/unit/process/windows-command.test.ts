import { describe, expect, it } from 'vitest';
import { toWindowsCommand } from '../../../src/process/windows-command.js';

const env = { Path: 'C:\\none;C:\\nodejs', PATHEXT: '.COM;.EXE;.BAT;.CMD', ComSpec: 'C:\\Windows\\cmd.exe' };
const files = (...known: string[]) => {
  const names = new Set(known.map((name) => name.toLowerCase()));
  return (file: string) => names.has(file.toLowerCase());
};

describe('toWindowsCommand', () => {
  it('starts an .exe by its full path', () => {
    expect(toWindowsCommand('git', ['status'], env, files('C:\\nodejs\\git.exe'))).toEqual({
      command: 'C:\\nodejs\\git.exe',
      args: ['status'],
      options: {},
    });
  });

  it('starts a .cmd through cmd.exe, with its arguments escaped twice', () => {
    const { command, args, options } = toWindowsCommand(
      'npm',
      ['run', 'a&b'],
      env,
      files('C:\\nodejs\\npm.cmd'),
    );
    expect(command).toBe('C:\\Windows\\cmd.exe');
    expect(args.slice(0, 3)).toEqual(['/d', '/s', '/c']);
    expect(args[3]).toBe('"C:\\nodejs\\npm.cmd ^^^"run^^^" ^^^"a^^^&b^^^""');
    expect(options).toEqual({ windowsVerbatimArguments: true });
  });

  it('prefers the ending that comes first in PATHEXT', () => {
    expect(
      toWindowsCommand('tool', [], env, files('C:\\nodejs\\tool.cmd', 'C:\\nodejs\\tool.exe')).command,
    ).toBe('C:\\nodejs\\tool.exe');
  });

  it('doubles the backslashes before a quote and at the end', () => {
    const { args } = toWindowsCommand('npm', ['a\\"b\\'], env, files('C:\\nodejs\\npm.cmd'));
    expect(args[3]).toContain('a\\\\\\^^^"b\\\\');
  });

  it('leaves an unknown program to fail by its own name', () => {
    expect(toWindowsCommand('nothing', [], env, files())).toMatchObject({ command: 'nothing', options: {} });
  });

  it('passes a command line for cmd.exe on as it is', () => {
    expect(toWindowsCommand('cmd.exe', ['/d', '/s', '/c', '"a && b"'], env, files())).toEqual({
      command: 'cmd.exe',
      args: ['/d', '/s', '/c', '"a && b"'],
      options: { windowsVerbatimArguments: true },
    });
  });
});
