import { MoultError } from '../errors/moult-error.js';
import { globMatcher } from './glob-matcher.js';
import { protectedName } from './protected-name.js';

/** What Linux, macOS and Windows take at most, in bytes of UTF-8. */
const MAX_COMPONENT_BYTES = 255;
const MAX_PATH_BYTES = 4096;

/**
 * Checks a path by its spelling alone and gives it in its one normal form: relative, with single forward slashes. Links
 * are for the working tree to look at, again at the moment of writing.
 *
 * @param protectedPaths globs of the host's configuration; see `globMatcher`.
 * @throws MoultError PATH_INVALID for what is no path inside the project on some system, PATH_PROTECTED for what belongs
 * to git, to this tool, or to the host.
 */
export function parseProjectPath(input: string, protectedPaths: readonly string[] = []): string {
  const reason = textProblem(input);
  if (reason !== null) throw new MoultError('PATH_INVALID', { path: input, reason });
  const components = normalComponents(input);
  const path = components.join('/');
  const problem = componentProblem(components);
  if (problem !== null) throw new MoultError('PATH_INVALID', { path: input, reason: problem });
  const protection = protectedName(components) ?? hostProtection(components, protectedPaths);
  if (protection !== null) throw new MoultError('PATH_PROTECTED', { path: input, reason: protection });
  return path;
}

function textProblem(input: string): string | null {
  if (input === '') return 'it is empty';
  if (input.includes('\0')) return 'it contains a NUL character';
  if (/\p{Surrogate}/u.test(input)) return 'it contains half a character, which no file name can hold';
  if (input.includes('\\')) return 'it contains a backslash';
  if (input.startsWith('/')) return 'it is absolute';
  if (/^[a-z]:/i.test(input)) return 'it names a Windows drive';
  if (/(^|\/)\.?$/.test(input)) return 'it names a folder';
  if (Buffer.byteLength(input) > MAX_PATH_BYTES) return `it is longer than ${MAX_PATH_BYTES} bytes`;
  return null;
}

function normalComponents(input: string): string[] {
  return input.split('/').filter((component) => component !== '' && component !== '.');
}

function componentProblem(components: readonly string[]): string | null {
  for (const component of components) {
    if (component === '..') return 'it leads upwards (..)';
    // Windows drops dots and spaces at the end, and a stream's name: what is left of these is `.` or `..`.
    if (/^ *\.[. ]*(:|$)/.test(component)) return 'a component of only dots and spaces is no name on Windows';
    if (Buffer.byteLength(component) > MAX_COMPONENT_BYTES) {
      return `a component is longer than ${MAX_COMPONENT_BYTES} bytes`;
    }
  }
  return null;
}

function hostProtection(components: readonly string[], protectedPaths: readonly string[]): string | null {
  // As Windows reads the names: without a stream's name and without dots and spaces at the end.
  const onWindows = components.map((component) => component.replace(/:.*$/s, '').replace(/[. ]+$/, ''));
  const names = [components.join('/'), onWindows.join('/')];
  const pattern = protectedPaths.find((glob) => names.some(globMatcher([glob])));
  return pattern === undefined ? null : `protectedPaths of the configuration has ${JSON.stringify(pattern)}`;
}
