/**
 * Takes the pictures of docs/images: a project with a few improvements, served by the inspector as it was built, in
 * Chromium, in light and dark. Run it with `npm run screenshots`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { SelfImprovementService } from 'moult';
import { inspectService } from 'moult/inspector';
import { chromium } from 'playwright-core';
import { sampleAfter, sampleBefore } from '../../bench/inspector-page/sample-code.mjs';

const images = path.resolve(import.meta.dirname, '../../../docs/images');
const mostBytes = 200_000;
const root = path.join(mkdtempSync(path.join(tmpdir(), 'moult-screenshots-')), 'upload-agent');
mkdirSync(root);

const output = [
  '> upload-agent@2.1.0 test',
  '> vitest run',
  '',
  ' ✓ test/queue.test.ts (14 tests) 82ms',
  ' ❯ test/upload.test.ts (6 tests | 1 failed) 512ms',
  '   × gives up after the fifth time',
  '',
  'AssertionError: expected 6 to be 5',
  ' ❯ test/upload.test.ts:48:29',
  '',
  ' Tests  1 failed | 19 passed (20)',
];
const check = (name) => ({ name, type: 'custom', command: `node tools/${name}.mjs`, required: true });
const passing = [check('build'), check('lint')];
const failing = [...passing, check('test')];
const printing = (lines, exitCode) =>
  `console.log(${JSON.stringify(lines.join('\n'))});\nprocess.exitCode = ${exitCode};\n`;
const change = (file, content, type = 'modify') => ({
  file,
  type,
  ...(type === 'delete' ? {} : { content }),
});
const improvement = (description, ...changes) => ({
  description,
  targetFiles: [],
  requiresRestart: false,
  changes,
});

const at = (file) => path.join(root, file);
const files = {
  'src/upload.ts': sampleBefore,
  'src/queue.ts': 'export const queue: string[] = [];\n',
  'src/legacy.ts': 'export {};\n',
  'test/upload.test.ts': 'export {};\n',
  'tools/build.mjs': printing(['ESM Build success in 312ms'], 0),
  'tools/lint.mjs': printing(['eslint .'], 0),
  'tools/test.mjs': printing(output, 1),
  'package.json': '{ "name": "upload-agent", "version": "2.1.0" }\n',
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
}
const git = (...args) => execFileSync('git', args, { cwd: root, stdio: 'ignore' });
git('init');
git(
  '-c',
  'user.name=Ada',
  '-c',
  'user.email=ada@example.com',
  'commit',
  '--allow-empty',
  '--message',
  'Begin',
);

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const service = (config) => new SelfImprovementService(root, { logger, config });
async function run(config, request) {
  const host = service(config);
  const taskId = await host.planImprovement(request);
  await host.executeImprovement();
  return taskId;
}

await run(
  { checks: passing },
  improvement(
    'Read the configuration once',
    change('src/queue.ts', 'export const queue: string[] = [];\n// once\n'),
  ),
);
await run(
  { checks: passing },
  improvement(
    'Follow redirects of the storage service, three at most',
    change('src/redirects.ts', 'export const redirects = 3;\n', 'create'),
  ),
);
const dropped = service({ checks: passing });
await dropped.planImprovement(
  improvement('Drop the second copy of the parser', change('src/legacy.ts', '', 'delete')),
);
await dropped.cancelImprovement();
const rolledBack = await run(
  { checks: failing },
  improvement(
    'Retry a failed upload with a growing delay, and give up after the fifth time',
    { ...change('src/upload.ts', sampleAfter), description: 'The delay doubles with each try' },
    change(
      'src/queue.ts',
      'export const queue: string[] = [];\nexport const waiting = () => queue.length;\n',
    ),
    change('src/delay.ts', 'export const delayMs = 250;\n', 'create'),
    change('src/legacy.ts', '', 'delete'),
  ),
);
const asking = service({ checks: passing, requireApproval: 'always' });
const waiting = await asking.planImprovement(
  improvement(
    'Move the queue to its own process',
    change('src/queue.ts', 'export { queue } from "./worker.js";\n'),
    change('src/worker.ts', 'export const queue: string[] = [];\n', 'create'),
  ),
);
const inspector = await inspectService(asking, { allowActions: true, by: 'ada' });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
mkdirSync(images, { recursive: true });
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

for (const colorScheme of ['light', 'dark']) {
  const shoot = async (name, route, viewport = desktop, prepare = async () => undefined) => {
    const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${inspector.url}#${route}`);
    await page
      .locator('.node.current, .history .option, .code-row, .log-line, .sequence-line')
      .first()
      .waitFor();
    await prepare(page);
    await page.waitForTimeout(600);
    const file = path.join(images, `inspector-${name}-${colorScheme}.png`);
    await page.screenshot({ path: file });
    const { size } = statSync(file);
    console.log(`${path.basename(file)}: ${Math.round(size / 1_000)} kB`);
    if (size > mostBytes) throw new Error(`${file} is larger than ${mostBytes} bytes`);
    await context.close();
  };
  await shoot('run', `/task/${rolledBack}/run`);
  await shoot('change', `/task/${rolledBack}/change`, desktop, (page) =>
    page.getByRole('option', { name: /upload\.ts/ }).click(),
  );
  await shoot('checks', `/task/${rolledBack}/checks`);
  await shoot('sequence', `/task/${rolledBack}/sequence`, desktop, (page) =>
    page.getByRole('listbox').press('Home'),
  );
  await shoot('history', '/history');
  await shoot('approve', `/task/${waiting}/run`, desktop, (page) =>
    page.getByRole('button', { name: 'Approve', exact: true }).click(),
  );
  await shoot('phone', `/task/${waiting}/run`, phone);
}
await browser.close();
await inspector.close();
rmSync(path.dirname(root), { recursive: true, force: true });
