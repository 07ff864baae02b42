import { open } from 'node:fs/promises';
import { visibleOutput } from '../wording/visible.js';

const readBytes = 512 * 1024;
const linesMax = 12;
const lineCharacters = 300;

/** Words by which compilers, linters and test runners mark a line that says what is wrong. */
const errorLine =
  /\b(error|errors|fail(ed|ure|s)?|exception|assert\w*|panic(ked)?|unexpected|cannot find|not found|undefined reference)\b|^\s*(not ok|✖|✗|×|●|E\s)|\bTS\d{4}\b/iu;
/** What counts the errors at the end, or says that there are none, helps nobody. */
const nothingWrong =
  /\b(0|no) (errors?|failures?|failed|failing)\b|^\s*#\s*(fail|pass|cancelled|skipped|todo)\b/iu;

/**
 * The lines of a check's output that say what is wrong, from the first on: the rest mostly follows from them. Where no
 * line looks like an error, the last lines.
 *
 * @param log The whole output; null where it is not kept.
 * @param tail Its last lines.
 */
export async function firstErrors(log: string | null, tail: string): Promise<string[]> {
  const lines = linesOf((log === null ? null : await readHead(log)) ?? tail);
  const wrong = lines.filter((line) => errorLine.test(line) && !nothingWrong.test(line));
  return wrong.length > 0 ? wrong.slice(0, linesMax) : linesOf(tail).slice(-linesMax);
}

function linesOf(text: string): string[] {
  return visibleOutput(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line) => (line.length > lineCharacters ? `${line.slice(0, lineCharacters)} …` : line));
}

/** Null where the log has been removed. */
async function readHead(file: string): Promise<string | null> {
  try {
    const handle = await open(file);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(readBytes), 0, readBytes, 0);
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
