/** How the system's shell runs a command line. */
export function shellCommand(commandLine: string): { program: string; args: string[] } {
  if (process.platform !== 'win32') return { program: '/bin/sh', args: ['-c', commandLine] };
  return { program: 'cmd.exe', args: ['/d', '/s', '/c', `"${commandLine}"`] };
}
