import { readFileSync } from 'node:fs';
import * as path from 'node:path';

export interface CodeBlock {
  /** As `README.md:12`. */
  place: string;
  language: string;
  code: string;
}

/** Every fenced block of a Markdown file; `file` is relative to `directory`. */
export function codeBlocks(directory: string, file: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: CodeBlock | null = null;
  for (const [index, line] of readFileSync(path.join(directory, file), 'utf8').split('\n').entries()) {
    const fence = /^\s*(```|~~~)(.*)$/.exec(line);
    if (open === null && fence)
      open = { place: `${file}:${index + 1}`, language: fence[2]!.trim(), code: '' };
    else if (open !== null && fence) {
      blocks.push(open);
      open = null;
    } else if (open !== null) open.code += `${line}\n`;
  }
  if (open !== null) throw new Error(`${open.place}: the block has no end`);
  return blocks;
}
