import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { improvementMachine } from '../../machines/improvement-machine.js';
import { nodeFileSystem } from '../../src/ports/node-file-system.js';
import { SelfImprovementService } from '../../src/self-improvement-service.js';
import { Journal } from '../../src/store/journal.js';
import { repository } from '../support/built-package.js';
import { codeBlocks, type CodeBlock } from '../support/code-blocks.js';
import { commandLineProblems } from '../support/command-line-problems.js';
import { toMermaid } from '../../src/inspector/chart/to-mermaid.js';
import { readJsonBlock } from '../support/read-json-block.js';
import { readmeProject } from '../support/readme-project.js';
import { runProgram } from '../support/run-program.js';
import { typeErrors } from '../support/type-errors.js';

const pages = [
  ...readdirSync(repository),
  ...readdirSync(path.join(repository, 'docs')).map((name) => `docs/${name}`),
  ...readdirSync(path.join(repository, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
].filter((name) => name.endsWith('.md'));
const blocks = pages.flatMap((page) => codeBlocks(repository, page));
/** With a name it is a file: test/e2e/restart/recipes.test.ts runs those of its page, and there are no others. */
const isFile = ({ language }: CodeBlock) => language.includes(' ');
const written = (language: string) => blocks.filter((block) => block.language === language);
const named = (list: CodeBlock[]) => list.map((block): [string, CodeBlock] => [block.place, block]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moult-docs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('every code block', () => {
  it('is in a language that is looked at below', () => {
    const languages = ['js', 'ts', 'json', 'jsonl', 'sh', 'mermaid'];
    expect(blocks.length).toBeGreaterThan(10);
    const others = blocks.filter((block) => !languages.includes(block.language) && !isFile(block));
    expect(others).toEqual([]);
    expect(blocks.filter(isFile).filter(({ place }) => !place.startsWith('docs/restart.md'))).toEqual([]);
  });

  it.each(named(written('js')))('%s runs, and prints what its comments say', async (_, { code }) => {
    const project = await readmeProject();
    try {
      await writeFile(path.join(project.root, 'block.mjs'), code);
      const { exitCode, stdout, output } = await runProgram(process.execPath, ['block.mjs'], {
        cwd: project.root,
      });
      expect(exitCode, output).toBe(0);
      const promised = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
      expect(promised.length).toBeGreaterThan(0);
      expect(stdout.trim().split('\n')).toEqual(promised);
    } finally {
      await project.remove();
    }
  });

  it('of TypeScript compiles', () => {
    const files = written('ts').map(({ code }, index): [string, string] => [`block-${index}.ts`, code]);
    expect(files.length).toBeGreaterThan(0);
    const wrong: [string, string] = ['wrong.ts', "import { nothing } from 'moult';\n"];
    expect(typeErrors(repository, new Map([...files, wrong]))).toEqual([
      expect.stringMatching(/^wrong\.ts: /),
    ]);
  });

  it.each(named(written('json')))('%s is a document of ours', (_, { code }) => {
    expect(() => readJsonBlock(code)).not.toThrow();
  });

  it('of JSON shows a request and a configuration in the README', () => {
    const kinds = written('json')
      .filter(({ place }) => place.startsWith('README.md'))
      .map(({ code }) => readJsonBlock(code));
    expect(kinds.sort()).toEqual(['configuration', 'request']);
  });

  it('that is a request can be carried out', async () => {
    const requests = written('json').filter(({ code }) => readJsonBlock(code) === 'request');
    for (const { code, place } of requests) {
      const project = await readmeProject();
      const service = new SelfImprovementService(project.root);
      try {
        await service.planImprovement(JSON.parse(code) as Parameters<typeof service.planImprovement>[0]);
        const { status, error } = await service.executeImprovement();
        expect([status, error], place).toEqual(['completed', undefined]);
      } finally {
        await project.remove();
      }
    }
  });

  it.each(named(written('jsonl')))('%s is a journal with every kind of record', async (_, { code }) => {
    const file = path.join(folder, 'journal.log');
    const lines = code.trimEnd().split('\n');
    const checksum = (line: string) => createHash('sha256').update(line).digest('hex').slice(0, 16);
    await writeFile(file, lines.map((line) => `${checksum(line)} ${line}\n`).join(''));
    const journal = await Journal.open({ fileSystem: nodeFileSystem, file, now: () => 0 });
    expect(journal.all().length).toBe(lines.length);
    const source = readFileSync(path.join(repository, 'src/store/journal.ts'), 'utf8');
    const kinds = new Set([...source.matchAll(/type: z\.literal\('([a-z-]+)'\)/g)].map(([, kind]) => kind));
    expect(new Set(journal.all().map(({ body }) => body.type))).toEqual(kinds);
  });

  it.each(named(written('sh')))('%s has only commands that exist', async (_, { code }) => {
    expect(await commandLineProblems(code)).toEqual([]);
  });

  it.each(named(written('mermaid')))('%s is the machine', (_, { code }) => {
    expect(code.trimEnd()).toBe(toMermaid(improvementMachine));
  });
});

describe('every page', () => {
  it.each(pages)('%s names only files that exist', (page) => {
    const text = readFileSync(path.join(repository, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) =>
      path.join(path.dirname(page), link!),
    );
    const paths = [...text.matchAll(/`((?:src|machines|test|examples|docs)\/[\w./-]+\.\w+)`/g)]
      .map(([, file]) => file!)
      .filter((file) => !illustrations.includes(file));
    expect([...links, ...paths].filter((file) => !existsSync(path.join(repository, file)))).toEqual([]);
  });
});

/** Files of somebody's project, and names that stand for any. */
const illustrations = ['src/a.ts', 'src/b.ts', 'src/x/y.ts', 'test/unit/x/y.test.ts'];

describe('the README', () => {
  it('begins with the two commands', () => {
    const [first] = codeBlocks(repository, 'README.md');
    const commands = first!.code.split('\n').map((line) => line.replace(/\s*#.*/, ''));
    expect(commands.slice(0, 2)).toEqual(['npm ci && npm run quickstart', 'npm ci && npm test']);
  });

  it('names every key of the configuration', () => {
    const config = written('json').find(
      ({ place, code }) => place.startsWith('README.md') && !code.includes('changes'),
    );
    const text = readFileSync(path.join(repository, 'README.md'), 'utf8');
    const keys = Object.keys(JSON.parse(config!.code) as object);
    const source = readFileSync(path.join(repository, 'src/config/parse-config.ts'), 'utf8');
    const known = /const configSchema = z\.strictObject\(\{(.*?)\n\}\);/s.exec(source)![1]!;
    expect(keys.sort()).toEqual([...known.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key).sort());
    expect(keys.filter((key) => !new RegExp(`^\\| \`${key}[.\`]`, 'm').test(text))).toEqual([]);
  });
});
