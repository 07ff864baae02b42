import { randomBytes } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ImprovementRequest } from '../../../src/improvement.js';
import { inspectService, type InspectOptions } from '../../../src/inspector/inspect-service.js';
import type {
  FileContents,
  History,
  Improvement,
  LogPage,
} from '../../../src/inspector/protocol/improvement.js';
import type { Inspector } from '../../../src/inspector/server/start-server.js';
import { act, ask, LiveClient } from '../support/inspector-client.js';
import { testProject } from '../support/project.js';

const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const request: ImprovementRequest = {
  description: `Be ${evil}`,
  targetFiles: [],
  requiresRestart: false,
  changes: [
    { file: 'src/<script>alert(3)<／script>.ts', type: 'create', content: `// ${evil}\n`, description: evil },
  ],
};
const checks = [
  {
    name: evil,
    type: 'custom' as const,
    command: `node -e "console.log('<script>alert(4)</scr'+'ipt>')"`,
    required: true,
  },
];

const opened: Inspector[] = [];
afterEach(async () => {
  for (const inspector of opened.splice(0)) await inspector.close();
});

async function inspected(options: InspectOptions = {}) {
  const project = await testProject();
  const service = project.service({ config: { checks } });
  const taskId = await service.planImprovement(request);
  const inspector = await inspectService(service, options);
  opened.push(inspector);
  const { host } = new URL(inspector.url);
  return { project, service, taskId, inspector, host, at: `api/improvements/${taskId}` };
}

const codeOf = ({ json }: { json: unknown }) => (json as { error?: { code: string } } | null)?.error?.code;

describe('the server answers nobody', () => {
  test('without the token, or with another', async () => {
    const { inspector } = await inspected();
    const { pathname } = new URL(inspector.url);
    for (const address of [
      '/',
      '/api/session',
      '//api/session',
      `/${randomBytes(24).toString('base64url')}/`,
      `${pathname.slice(0, -2)}/`,
      '/page.js',
    ]) {
      const answer = await ask(inspector, address);
      expect([answer.status, codeOf(answer)], address).toEqual([403, 'INSPECTOR_REFUSED']);
    }
    expect(pathname.length).toBeGreaterThan(30);
  });

  test('who speaks to another host: a name of somebody that leads here', async () => {
    const { inspector, host } = await inspected();
    const port = host.split(':')[1];
    for (const other of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1:1',
      `127.0.0.1.evil.example:${port}`,
    ]) {
      const answer = await ask(inspector, 'api/session', { headers: { host: other } });
      expect([answer.status, codeOf(answer)], other).toEqual([403, 'INSPECTOR_REFUSED']);
    }
    for (const own of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])
      expect((await ask(inspector, 'api/session', { headers: { host: own } })).status, own).toBe(200);
  });

  test('who comes from another page, reading or acting, even with the token', async () => {
    const { inspector, host, at } = await inspected({ allowActions: true });
    const others = ['http://evil.example', 'null', `https://${host}`, 'http://127.0.0.1:1'];
    for (const origin of others) {
      expect(codeOf(await ask(inspector, 'api/session', { headers: { origin } })), origin).toBe(
        'INSPECTOR_REFUSED',
      );
      expect(codeOf(await act(inspector, `${at}/actions/cancel`, {}, { origin })), origin).toBe(
        'INSPECTOR_REFUSED',
      );
    }
    const crossSite = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'script',
    };
    expect((await ask(inspector, 'page.js', { headers: crossSite })).status).toBe(403);
    expect((await ask(inspector, 'api/session', { headers: { origin: `http://${host}` } })).status).toBe(200);
  });

  test('who acts by a form, by another method, or with something that is not JSON', async () => {
    const { inspector, at, service, taskId } = await inspected({ allowActions: true });
    const body = '{}';
    const form = { 'content-type': 'text/plain' };
    const json = { 'content-type': 'application/json' };
    expect(
      (await ask(inspector, `${at}/actions/cancel`, { method: 'POST', headers: form, body })).status,
    ).toBe(400);
    expect(
      (await ask(inspector, `${at}/actions/cancel`, { method: 'POST', headers: json, body: '{' })).status,
    ).toBe(400);
    expect(
      (await ask(inspector, `${at}/actions/cancel`, { method: 'PUT', headers: json, body })).status,
    ).toBe(405);
    expect((await ask(inspector, `${at}/actions/cancel`)).status).toBe(404);
    const long = JSON.stringify({ why: 'x'.repeat(300_000) });
    expect(
      (await ask(inspector, `${at}/actions/cancel`, { method: 'POST', headers: json, body: long })).status,
    ).toBe(400);
    expect((await service.describeImprovement(taskId)).state).toBe('planning.ready');
  });

  test('a path that leads out, however it is written', async () => {
    const { inspector, project, at } = await inspected();
    writeFileSync(path.join(project.stateDirectory, 'secret.log'), 'secret');
    const paths = [
      '../api/session',
      'api/improvements/../session',
      'api/improvements/%2e%2e',
      'api/improvements/..%2f..%2fsecret.log',
      'api/improvements/%2e%2e%2f%2e%2e%2fsecret.log/files/0',
      'api/improvements/si-1%00',
      'api/improvements/%c0%ae',
      `${at}/checks/..%2f..%2f..%2fsecret.log/log`,
      `${at}/checks/../log`,
      `${at}/files/-1`,
      `${at}/files/9999`,
      `${at}/files/0x0`,
      'page.js/..',
      'package.json',
      '..%5c..%5cpackage.json',
      'api/charts/..%2fpackage.json',
      'api/charts/__proto__',
      'api/improvements/__proto__',
      'api/improvements/constructor',
    ];
    for (const wrong of paths) {
      const { status, text } = await ask(inspector, wrong);
      expect(status, wrong).toBeGreaterThanOrEqual(400);
      expect(status, wrong).toBeLessThan(500);
      expect(text, wrong).not.toContain('secret"');
    }
  });

  test('a link in the place of a log, or of the timeline', async () => {
    const { inspector, project, at, taskId } = await inspected();
    const folder = path.join(project.stateDirectory, 'tasks', taskId);
    mkdirSync(path.join(folder, 'logs'), { recursive: true });
    symlinkSync('/etc/passwd', path.join(folder, 'logs/01-evil.log'));
    expect((await ask(inspector, `${at}/checks/0/log`)).text).not.toContain('root:');
  });
});

describe('what it answers', () => {
  test('lets nothing be run, framed, guessed or kept by a browser', async () => {
    const { inspector } = await inspected();
    for (const address of ['', 'page.js', 'page.css', 'api/session', 'api/nothing']) {
      const { headers } = await ask(inspector, address);
      const policy = headers['content-security-policy'] as string;
      expect(policy, address).toMatch(/default-src 'none'/);
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['set-cookie']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await ask(inspector, '')).text).not.toMatch(/<script(?! src="page\.js")/);
  });

  test('has the words of a model as JSON only, and unchanged', async () => {
    const { inspector, at, service } = await inspected();
    await service.executeImprovement();
    const addresses = ['api/improvements', at, `${at}/files/0`, `${at}/timeline`, `${at}/checks/0/log`];
    for (const address of addresses) {
      const { status, headers, text } = await ask(inspector, address);
      expect([status, headers['content-type']], address).toEqual([200, 'application/json; charset=utf-8']);
      expect(text, address).toContain('<script>');
    }
    const { json } = await ask<Improvement>(inspector, at);
    expect(json.description).toBe(request.description);
    expect(json.files[0]).toMatchObject({ path: request.changes[0]!.file, description: evil });
    const side = (await ask<FileContents>(inspector, `${at}/files/0`)).json.after;
    expect(side).toMatchObject({ kind: 'text', text: `// ${evil}\n` });
    expect((await ask(inspector, '')).text).not.toContain('alert');
  });

  test('masks secrets, in files as well', async () => {
    const project = await testProject();
    const token = `ghp_${'a1B2c3D4'.repeat(5).slice(0, 36)}`;
    const service = project.service();
    const taskId = await service.planImprovement({
      ...request,
      description: `Use ${token}`,
      changes: [{ file: 'a.ts', type: 'create', content: `const token = '${token}';\n` }],
    });
    const inspector = await inspectService(service);
    opened.push(inspector);
    const live = new LiveClient(inspector, `api/events?task=${taskId}`);
    live.connect();
    await live.until(() => live.of('improvement').length > 0, 'the state');
    live.cut();
    expect(JSON.stringify(live.messages)).not.toContain(token);
    for (const part of ['', '/files/0', '/timeline'])
      expect((await ask(inspector, `api/improvements/${taskId}${part}`)).text).not.toContain(token);
    expect(
      (await ask<FileContents>(inspector, `api/improvements/${taskId}/files/0`)).json.after,
    ).toMatchObject({
      text: "const token = '***';\n",
    });
    expect((await ask<History>(inspector, 'api/improvements')).text).not.toContain(token);
  });

  test('of a log of 50 MB is a page, and the memory stays small', async () => {
    const { inspector, project, at, service, taskId } = await inspected();
    await service.executeImprovement();
    const folder = path.join(project.stateDirectory, 'tasks', taskId, 'logs');
    const log = openSync(path.join(folder, readdirSync(folder)[0]!), 'w');
    ftruncateSync(log, 50 * 1024 * 1024);
    const line = 'héllo wörld ✓\n';
    writeSync(log, line.repeat(20_000), 50 * 1024 * 1024);
    closeSync(log);
    const before = process.memoryUsage().rss;
    const end = (await ask<LogPage>(inspector, `${at}/checks/0/log`)).json;
    expect(end.sizeBytes).toBeGreaterThan(50 * 1024 * 1024);
    expect(end.toBytes).toBe(end.sizeBytes);
    expect(end.text.startsWith('héllo') && end.text.endsWith(line)).toBe(true);
    expect(Buffer.byteLength(end.text)).toBeLessThanOrEqual(64 * 1024);
    const middle = (await ask<LogPage>(inspector, `${at}/checks/0/log?from=${50 * 1024 * 1024}`)).json;
    expect(middle.text.startsWith('héllo') && middle.text.endsWith(line)).toBe(true);
    const next = (await ask<LogPage>(inspector, `${at}/checks/0/log?from=${middle.toBytes}`)).json;
    expect(next.fromBytes).toBe(middle.toBytes);
    expect(next.text).toMatch(/^héllo/);
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024);
  });
});
