import { existsSync, readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';

const executablePath = process.env.MOULT_CHROMIUM ?? '/usr/bin/chromium';
const repository = path.resolve(import.meta.dirname, '../../..');

/** A page in a real browser, and everything it did that a test should know of. */
interface OpenedPage {
  page: Page;
  /** Addresses of all requests. */
  requests: string[];
  /** Errors of scripts, and what the content security policy forbade. */
  problems: string[];
}

export interface BrowserTests {
  open: (url: string, options?: BrowserContextOptions) => Promise<OpenedPage>;
}

/** Tests in Debian's Chromium; skipped, with a word about it, where there is none. */
export function describeInBrowser(name: string, tests: (browser: BrowserTests) => void): void {
  if (!existsSync(executablePath)) {
    describe.skip(
      `${name} (skipped: there is no ${executablePath}; install chromium, or name one in MOULT_CHROMIUM)`,
    );
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      refuseOldPage();
      browser = await chromium.launch({
        executablePath,
        args: [
          ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
          ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
        ],
      });
    });
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
    });
    afterAll(() => browser?.close());
    tests({ open: (url, options) => openPage(browser, url, options) });
  });
}

async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const opened: OpenedPage = { page, requests: [], problems: [] };
  page.on('request', (request) => opened.requests.push(request.url()));
  page.on('pageerror', (error) => opened.problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') opened.problems.push(message.text());
  });
  page.on('dialog', (dialog) => {
    opened.problems.push(`a dialog says ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return opened;
}

/** Tests of what was built an hour ago say nothing about what is there now. */
function refuseOldPage(): void {
  const built = path.join(repository, 'dist/inspector-page/page.js');
  if (!existsSync(built)) throw new Error(`${built} is not there: run \`npm run build\` first.`);
  const builtAt = statSync(built).mtimeMs;
  const sources = path.join(repository, 'src/inspector/page');
  const newer = readdirSync(sources, { recursive: true, encoding: 'utf8' }).find(
    (name) =>
      statSync(path.join(sources, name)).isFile() && statSync(path.join(sources, name)).mtimeMs > builtAt,
  );
  if (newer !== undefined) throw new Error(`${newer} is newer than the build: run \`npm run build\` first.`);
}
