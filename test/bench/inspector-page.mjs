/**
 * How fluid the inspector's page is with 10,000 events and a plan of 5,000 files, measured in Chromium: the time between frames
 * while it is scrolled, scrubbed and filtered, and while events pour in. Run it with `npm run bench:page`.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { layOutChart } from 'moult/inspector';
import { improvementMachine } from 'moult/machines';
import { fixtureAnswers } from './inspector-page/fixture-answers.mjs';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    files: { type: 'string', default: '5000' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const [events, files] = [Number(values.events), Number(values.files)];
const built = path.resolve(import.meta.dirname, '../../dist/inspector-page');
const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>moult</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css"></head><body><script src="page.js"></script></body></html>`;

const answers = fixtureAnswers({ chart: await layOutChart(improvementMachine), files, entries: events });
const taskId = answers['api/session'].task;
const { entries } = answers[`api/improvements/${taskId}/timeline`];
/** So many come at once, so many times a second, in the measurement of pouring. */
const pour = { batch: 50, everyMs: 20 };

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
  const address = decodeURIComponent(pathname.slice(1));
  const name = address === 'poured' ? '' : address;
  if (name === '') return respond(response, 'text/html', html);
  if (name === 'page.js') return respond(response, 'text/javascript', await readFile(path.join(built, name)));
  if (name === 'page.css') return respond(response, 'text/css', await readFile(path.join(built, name)));
  if (name === 'api/events') return stream(response, searchParams.get('task'), request.headers.referer);
  const answer = answers[name];
  if (answer === undefined) return response.writeHead(404).end();
  respond(response, 'application/json', JSON.stringify(answer));
});
server.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: values.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.on('pageerror', (error) => {
  throw error;
});
const rows = [];

const openedAt = performance.now();
await page.goto(`${origin}/#/task/${taskId}/run`);
await page.locator('.node.current').waitFor();
await page.getByText(` / ${entries.length.toLocaleString('en-US')}`).waitFor();
console.log(
  `${entries.length} events, ${files} files: all of it there after ${Math.round(performance.now() - openedAt)} ms`,
);

await measure('scrolling the timeline', () => scrollThrough('#entries'));
await measure('scrubbing', async () => {
  const slider = await page.getByRole('slider', { name: 'Moment' }).boundingBox();
  await page.mouse.move(slider.x + slider.width - 8, slider.y + slider.height / 2);
  await page.mouse.down();
  for (let step = 120; step > 0; step -= 1) {
    await page.mouse.move(slider.x + (slider.width * step) / 121, slider.y + slider.height / 2);
  }
  await page.mouse.up();
});
await page.getByRole('tab', { name: /^Change/ }).click();
await page.locator('.code-row').first().waitFor();
await measure('scrolling the files', () => scrollThrough('#files'));
await measure('filtering the files', async () => {
  const filter = page.getByRole('searchbox', { name: 'Filter files' });
  await filter.pressSequentially('store upload-12');
  for (let presses = 0; presses < 15; presses += 1) await filter.press('Backspace');
});
await page.getByRole('tab', { name: 'Run' }).click();
await measure('zooming and moving the chart', async () => {
  const frame = await page.locator('.chart-frame').boundingBox();
  await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2);
  for (let step = 0; step < 40; step += 1) await page.mouse.wheel(0, step % 20 < 10 ? -60 : 60);
  await page.mouse.down();
  for (let step = 0; step < 60; step += 1) {
    await page.mouse.move(frame.x + frame.width / 2 + step * 3, frame.y + frame.height / 2 + step);
  }
  await page.mouse.up();
});

await page.goto(`${origin}/poured#/task/${taskId}/run`);
await measure(`events pouring in, ${(pour.batch / pour.everyMs) * 1_000} a second`, () =>
  page.getByText(` / ${entries.length.toLocaleString('en-US')}`).waitFor(),
);

console.log(
  'time between frames, in ms'.padEnd(46) +
    ['median', 'p95', 'p99', 'worst'].map((name) => name.padStart(8)).join(''),
);
for (const { name, frames } of rows) {
  const at = (share) => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))];
  const figures = [at(0.5), at(0.95), at(0.99), frames.at(-1)].map((ms) => ms.toFixed(1).padStart(8));
  console.log(name.padEnd(46) + figures.join(''));
}
await browser.close();
server.closeAllConnections();
server.close();

async function measure(name, act) {
  await page.evaluate(() => {
    const frames = [];
    let last = performance.now();
    const next = (now) => {
      frames.push(now - last);
      last = now;
      if (!window.isMeasured) requestAnimationFrame(next);
    };
    window.isMeasured = false;
    window.frames = frames;
    requestAnimationFrame(next);
  });
  await act();
  const frames = await page.evaluate(() => {
    window.isMeasured = true;
    return window.frames;
  });
  rows.push({ name, frames: frames.slice(1).sort((one, other) => one - other) });
}

/** By steps of most of a screen, one for each frame, as with a wheel that is spun. */
async function scrollThrough(selector) {
  await page.evaluate(async (list) => {
    const element = document.querySelector(list);
    element.scrollTop = 0;
    const end = Math.min(element.scrollHeight, 120_000);
    for (let top = 0; top < end; top += 600) {
      element.scrollTop = top;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, selector);
}

function respond(response, type, body) {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
  response.end(body);
}

function stream(response, task, referer) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (message, id) =>
    response.write(
      `${id === undefined ? '' : `id: ${id}\n`}event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`,
    );
  say({ type: 'hello', protocol: 1, server: 'bench' });
  if (task === null) return;
  const isPoured = referer?.endsWith('/poured') ?? false;
  const batch = isPoured ? pour.batch : 500;
  let sent = 0;
  const timer = setInterval(
    () => {
      const some = entries.slice(sent, sent + batch);
      sent += some.length;
      if (some.length === 0) return clearInterval(timer);
      say({ type: 'entries', taskId: task, entries: some, cursor: String(sent) }, sent);
    },
    isPoured ? pour.everyMs : 0,
  );
  response.on('close', () => clearInterval(timer));
}
