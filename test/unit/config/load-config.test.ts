import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.js';
import { MoultError } from '../../../src/errors/moult-error.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'moult-config-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, content: string | object) =>
  writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
const failure = async (): Promise<MoultError> => {
  const error: unknown = await loadConfig(root).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MoultError);
  return error as MoultError;
};

describe('the configuration', () => {
  it('is all default where there is none', async () => {
    write('package.json', { name: 'x' });
    const { config, source } = await loadConfig(root);
    expect(source).toBeNull();
    expect(config.restart.delayMs).toBe(10_000);
    expect(config).not.toHaveProperty('checks');
  });

  it.each([
    ['moult.config.json', '{"stateDir":"s"}'],
    ['moult.config.json', '\uFEFF{"stateDir":"s"}'],
    ['moult.config.js', 'module.exports = { stateDir: "s" };'],
    ['moult.config.mjs', 'export default { stateDir: await Promise.resolve("s") };'],
    ['package.json', '{"name":"x","moult":{"stateDir":"s"}}'],
  ])('is read from %s', async (name, content) => {
    write(name, content);
    const { config, source } = await loadConfig(root);
    expect(config.stateDir).toBe('s');
    expect(source).toBe(join(root, name));
  });

  it('is read from moult.config.js of an ESM package', async () => {
    write('package.json', { type: 'module' });
    write('moult.config.js', 'export default { stateDir: "esm" };');
    expect((await loadConfig(root)).config.stateDir).toBe('esm');
  });

  it('is taken from its own file rather than from package.json', async () => {
    write('package.json', { moult: { stateDir: 'package' } });
    write('moult.config.json', { stateDir: 'own' });
    expect((await loadConfig(root)).config.stateDir).toBe('own');
  });

  it.each([
    ['moult.config.json', (value: string) => `{"stateDir":"${value}"}`],
    ['moult.config.js', (value: string) => `module.exports = { stateDir: "${value}" };`],
    ['moult.config.mjs', (value: string) => `export default { stateDir: "${value}" };`],
    ['package.json', (value: string) => `{"moult":{"stateDir":"${value}"}}`],
  ])('in %s is read anew each time', async (name, content) => {
    for (const value of ['a', 'b', 'a']) {
      write(name, content(value));
      expect((await loadConfig(root)).config.stateDir).toBe(value);
    }
  });

  it('of a folder above does not count', async () => {
    write('moult.config.json', { stateDir: 'above' });
    const below = join(root, 'packages', 'a');
    mkdirSync(below, { recursive: true });
    expect((await loadConfig(below)).source).toBeNull();
    writeFileSync(join(below, 'package.json'), '{}');
    expect((await loadConfig(below)).source).toBeNull();
  });
});

describe('an unreadable configuration names its file and the reason', () => {
  it.each([
    ['moult.config.json', '{"stateDir": ', 'JSON'],
    ['moult.config.json', '', 'empty'],
    ['moult.config.json', ' \n', 'empty'],
    ['moult.config.mjs', 'throw new Error("no luck")', 'no luck'],
    ['moult.config.mjs', 'import "./missing.mjs"; export default {}', 'missing'],
    ['moult.config.mjs', 'export const config = {}', 'default export'],
    ['package.json', '{', 'JSON'],
    ['package.json', 'null', 'no object'],
  ])('%s: %j', async (name, content, reason) => {
    write(name, content);
    const error = await failure();
    expect(error.code).toBe('CONFIG_UNREADABLE');
    expect(error.details).toMatchObject({ source: join(root, name) });
    expect((error.details as { reason: string }).reason).toMatch(new RegExp(reason));
    expect(error.message).toContain(name);
  });

  it('where it is a folder', async () => {
    mkdirSync(join(root, 'moult.config.json'));
    expect((await failure()).code).toBe('CONFIG_UNREADABLE');
  });

  it('where it is a link to nothing', async () => {
    symlinkSync('missing.json', join(root, 'moult.config.json'));
    expect((await failure()).code).toBe('CONFIG_UNREADABLE');
  });
});

/** The test runner imports modules in its own way; this is how Node does it. */
describe('a module, in plain Node,', () => {
  let tool: string;
  beforeAll(async () => {
    tool = mkdtempSync(join(tmpdir(), 'moult-config-tool-'));
    await build({
      entry: [fileURLToPath(new URL('../../../src/config/load-config.ts', import.meta.url))],
      outDir: tool,
      format: 'cjs',
      noExternal: [/./],
      silent: true,
      config: false,
      dts: false,
    });
    const script = `
      const { writeFileSync } = require('node:fs');
      const { loadConfig } = require('./load-config.cjs');
      (async () => {
        const [root, name, ...contents] = process.argv.slice(2);
        const seen = [];
        for (const content of contents) {
          writeFileSync(root + '/' + name, content);
          seen.push(await loadConfig(root).then(({ config }) => config.stateDir, (error) => error.code + ' ' + error.message));
        }
        process.stdout.write(JSON.stringify(seen));
      })();`;
    writeFileSync(join(tool, 'tool.cjs'), script);
  });
  afterAll(() => rmSync(tool, { recursive: true, force: true }));
  const load = (name: string, ...contents: string[]) =>
    JSON.parse(
      execFileSync(process.execPath, [join(tool, 'tool.cjs'), root, name, ...contents], { encoding: 'utf8' }),
    ) as string[];

  it('is read anew each time', () => {
    const esm = (value: string) => `export default { stateDir: "${value}" };`;
    const cjs = (value: string) => `module.exports = { stateDir: "${value}" };`;
    expect(load('moult.config.mjs', esm('a'), esm('b'), esm('a'))).toEqual(['a', 'b', 'a']);
    rmSync(join(root, 'moult.config.mjs'));
    expect(load('moult.config.js', cjs('a'), cjs('b'), cjs('a'))).toEqual(['a', 'b', 'a']);
    write('package.json', { type: 'module' });
    expect(load('moult.config.js', esm('a'), esm('b'), esm('a'))).toEqual(['a', 'b', 'a']);
  });

  it('may be corrected after a mistake', () => {
    const [first, second, third] = load(
      'moult.config.mjs',
      'export default {',
      'export default { stateDir: nowhere }',
      'export default { stateDir: "s" }',
    );
    expect(first).toMatch(/^CONFIG_UNREADABLE .*moult\.config\.mjs.*Unexpected/);
    expect(second).toMatch(/^CONFIG_UNREADABLE .*nowhere is not defined/);
    expect(third).toBe('s');
  });
});

describe('an invalid configuration', () => {
  it.each([
    ['moult.config.json', '{"nope":1}', 'nope'],
    ['moult.config.json', 'null', ''],
    ['moult.config.json', '{"__proto__":{"stateDir":"x"}}', '__proto__'],
    ['moult.config.mjs', 'export default () => ({})', ''],
    ['package.json', '{"moult":{"nope":1}}', 'nope'],
    ['package.json', '{"moult":false}', ''],
    ['package.json', '{"moult":null}', ''],
    ['package.json', '{"moult":[]}', ''],
  ])('%s: %s', async (name, content, path) => {
    write(name, content);
    const error = await failure();
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.details).toMatchObject({ source: join(root, name), issues: [{ path }] });
  });
});
