import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCycles } from '../support/import-cycles.js';
import { readSourceFile, type SourceFile } from '../support/read-source-file.js';

/**
 * From low to high. A file imports from its own layer and from lower ones. The most exact name decides, so that
 * `src/plan/plan.ts` can lie lower than the rest of `src/plan`.
 */
const layers: string[][] = [
  ['machines'],
  ['src/errors', 'src/ports', 'src/definition', 'src/wording'],
  ['src/improvement.ts', 'src/plan/plan.ts'],
  // What every output passes through, from the log of a check to a notice.
  ['src/process', 'src/secrets'],
  ['src/store', 'src/git', 'src/workspace'],
  ['src/plan', 'src/config', 'src/checks', 'src/notify', 'src/restart'],
  ['src/actors'],
  ['src/service'],
  ['src/supervision'],
  ['src/safe-restart-service.ts'],
  ['src/self-improvement-service.ts', 'src/current-service.ts'],
  ['src/index.ts'],
  ['src/cli', 'src/mcp', 'src/inspector', 'src/testing', 'src/guard'],
];

/** Ways to reach the engine; none of them knows another. */
const entrances = layers.at(-1)!;

/** But for the commands that do nothing else than open another entry of the package: loaded when they are run. */
const doors = [
  'src/cli/commands/mcp.ts -> src/mcp/index.ts',
  'src/cli/commands/inspect.ts -> src/inspector/index.ts',
  'src/cli/commands/machine.ts -> src/inspector/index.ts',
];

const longestFile = 300;
const vagueFolders = ['utils', 'util', 'helpers', 'common', 'misc', 'lib'];

/** Programs export nothing to be named after. */
const programs = ['src/cli/main.ts', 'src/guard/main.ts', 'src/inspector/page/main.tsx'];

const repository = path.resolve(import.meta.dirname, '../..');
const files = ['src', 'machines'].flatMap(sourcesIn).map(read);
const sourceNames = new Set(files.map(({ path: name }) => name));
const graph = new Map(files.map((file) => [file.path, file.imports.map(asWritten)]));

/** What runs in a browser: it may know the words it speaks with the server, and no more of moult. */
const page = { folder: 'src/inspector/page/', packages: ['preact', 'preact/hooks', 'diff'] };
const pageMayImport = /^src\/(inspector\/protocol\/|wording\/count\.ts$)/;

describe('imports', () => {
  it('form no circle', () => {
    expect(importCycles(graph)).toEqual([]);
  });

  it('name files that exist', () => {
    const isData = (name: string) => name.endsWith('.json') && existsSync(path.join(repository, name));
    const broken = edges().filter(([, to]) => !graph.has(to) && !isData(to));
    expect(broken.map(asArrow)).toEqual([]);
  });

  it('never lead from a lower layer to a higher one', () => {
    const upward = edges().filter(([from, to]) => rank(from) >= 0 && rank(to) > rank(from));
    expect(upward.map(asArrow)).toEqual([]);
  });

  it('never lead from one entrance to another', () => {
    const entrance = (name: string) => entrances.find((folder) => name.startsWith(`${folder}/`));
    const sideways = edges().filter(
      ([from, to]) => entrance(from) && entrance(to) && entrance(from) !== entrance(to),
    );
    expect(sideways.map(asArrow).filter((arrow) => !doors.includes(arrow))).toEqual([]);
  });

  it('of the machines are xstate and their own files, nothing else', () => {
    const machines = files.filter(({ path: name }) => name.startsWith('machines/'));
    expect(machines.length).toBeGreaterThan(0);
    const outside = machines.flatMap((file) => [
      ...file.packages.filter((name) => name !== 'xstate').map((name) => asArrow([file.path, name])),
      ...file.imports.filter((to) => !to.startsWith('machines/')).map((to) => asArrow([file.path, to])),
    ]);
    expect(outside).toEqual([]);
  });
});

describe('the page of the inspector', () => {
  it('imports its own files, the protocol and what the build bundles, nothing else', () => {
    const sources = files.filter(({ path: name }) => name.startsWith(page.folder));
    expect(sources.length).toBeGreaterThan(0);
    const outside = sources.flatMap((file) => [
      ...file.packages
        .filter((name) => !page.packages.includes(name))
        .map((name) => asArrow([file.path, name])),
      ...file.imports
        .filter((to) => !to.startsWith(page.folder) && !pageMayImport.test(to))
        .map((to) => asArrow([file.path, to])),
    ]);
    expect(outside).toEqual([]);
  });

  it('is imported by nothing else', () => {
    const inward = edges().filter(
      ([from, to]) => !from.startsWith(page.folder) && to.startsWith(page.folder),
    );
    expect(inward.map(asArrow)).toEqual([]);
  });
});

describe('every file', () => {
  it('has a place in the table of layers', () => {
    expect(files.map(({ path: name }) => name).filter((name) => rank(name) < 0)).toEqual([]);
  });

  it('has a name of lower-case words', () => {
    const names = files.map(({ path: name }) => name);
    expect(
      names.filter((name) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/.test(name)),
    ).toEqual([]);
  });

  it('of src is named after what it exports', () => {
    const named = files.filter(({ path: name }) => name.startsWith('src/') && !isEntry(name));
    const misnamed = named.filter((file) => !isNamedAfterExport(file));
    expect(misnamed.map(({ path: name, values }) => `${name} exports ${values.join(', ')}`)).toEqual([]);
  });

  it('called index.ts is an entry of the package', () => {
    const entries = packageEntries();
    const indexes = files
      .map(({ path: name }) => name)
      .filter((name) => path.posix.basename(name) === 'index.ts');
    expect(indexes.filter((name) => !entries.includes(name))).toEqual([]);
  });

  it(`of src has at most ${longestFile} lines`, () => {
    const long = files.filter(({ path: name, lines }) => name.startsWith('src/') && lines > longestFile);
    expect(long.map(({ path: name, lines }) => `${name}: ${lines} lines`)).toEqual([]);
  });

  it('lies in a folder that says what is in it', () => {
    const tests = sourcesIn('test');
    const folders = [...files.map(({ path: name }) => name), ...tests].flatMap((name) =>
      path.posix.dirname(name).split('/'),
    );
    expect(folders.filter((folder) => vagueFolders.includes(folder))).toEqual([]);
  });
});

/** What reads the sources has to see what it looks for, or the empty lists above say nothing. */
describe('the reading', () => {
  it('finds the circles of a graph', () => {
    const circular = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['d']],
      ['e', ['a']],
    ]);
    expect(importCycles(circular)).toEqual(['a -> b -> c -> a', 'd -> d']);
  });

  it('finds no circle where two ways lead to one file', () => {
    expect(
      importCycles(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['d']],
          ['c', ['d']],
          ['d', []],
        ]),
      ),
    ).toEqual([]);
  });

  it('sees imports of every kind', () => {
    const text = `
      import { a } from './a.js';
      import type { B } from '../b.js';
      export { c } from './deep/c.js';
      export type * from './d.js';
      import './e.js';
      const f = await import('./f.js');
      import { z } from 'zod';
      // import './comment.js';
      const text = "import './string.js'";
    `;
    const { imports, packages } = readSourceFile('src/plan/x.ts', text);
    const expected = ['src/b.ts', 'src/plan/a.ts', 'src/plan/d.ts', 'src/plan/deep/c.ts', 'src/plan/e.ts'];
    expect([...imports].sort()).toEqual([...expected, 'src/plan/f.ts']);
    expect(packages).toEqual(['zod']);
  });

  it('tells exported values from exported types', () => {
    const text = `
      export const one = 1, two = 2;
      export async function three() {}
      export class Four {}
      export interface Five {}
      export type Six = 6;
      const hidden = 7;
    `;
    const { values, types } = readSourceFile('src/x.ts', text);
    expect(values).toEqual(['one', 'two', 'three', 'Four']);
    expect(types).toEqual(['Five', 'Six']);
  });

  it('knows the layer of a file by its most exact name', () => {
    expect(rank('src/plan/plan.ts')).toBeLessThan(rank('src/plan/plan-digest.ts'));
    expect(rank('src/planet/x.ts')).toBe(-1);
  });

  it('knows the name of an export in a file name', () => {
    expect(['MoultError', 'parseURLPath', 'sha256Of'].map(kebab)).toEqual([
      'moult-error',
      'parse-url-path',
      'sha256-of',
    ]);
  });
});

function sourcesIn(folder: string): string[] {
  return readdirSync(path.join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(repository, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join('/'));
}

function read(name: string): SourceFile {
  return readSourceFile(name, readFileSync(path.join(repository, name), 'utf8'));
}

function edges(): [from: string, to: string][] {
  return [...graph].flatMap(([from, imports]) => imports.map((to): [string, string] => [from, to]));
}

/** An import says `.js`, whichever kind of source is behind it. */
function asWritten(name: string): string {
  return !sourceNames.has(name) && sourceNames.has(`${name}x`) ? `${name}x` : name;
}

function asArrow([from, to]: [from: string, to: string]): string {
  return `${from} -> ${to}`;
}

/** The number of the layer a file belongs to; -1 where no layer names it. */
function rank(name: string): number {
  const fits = (prefix: string) => name === prefix || name.startsWith(`${prefix}/`);
  const lengths = layers.map((prefixes) => Math.max(...prefixes.filter(fits).map(({ length }) => length), 0));
  const longest = Math.max(...lengths);
  return longest === 0 ? -1 : lengths.indexOf(longest);
}

/** The sources behind the `exports` of package.json. */
function packageEntries(): string[] {
  const { exports } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  const names = Object.keys(exports).filter((name) => !name.endsWith('.json'));
  return names.flatMap((name) => [
    path.posix.join('src', name, 'index.ts'),
    path.posix.join(name, 'index.ts'),
  ]);
}

function isEntry(name: string): boolean {
  return packageEntries().includes(name) || programs.includes(name);
}

/** A file with several exports is named after what they have in common, which no test can know. */
function isNamedAfterExport({ path: name, values, types }: SourceFile): boolean {
  if (values.length === 0) return types.length > 0;
  if (values.length > 1) return true;
  return [...values, ...types].map(kebab).includes(path.posix.basename(name).replace(/\.tsx?$/, ''));
}

function kebab(identifier: string): string {
  return identifier
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}
