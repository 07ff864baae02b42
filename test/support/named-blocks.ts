import { codeBlocks } from './code-blocks.js';

/** The blocks of a page that are files, by their names: the word after the language, as in "ini server.service". */
export function namedBlocks(directory: string, page: string): Map<string, string> {
  const named = codeBlocks(directory, page).flatMap(({ language, code }): [string, string][] => {
    const [, name] = language.split(' ');
    return name === undefined ? [] : [[name, code]];
  });
  return new Map(named);
}
