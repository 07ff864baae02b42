import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exportReport } from '../../../src/inspector/report/export-report.js';
import type { Improvement } from '../../../src/inspector/protocol/improvement.js';
import type { Report, Session } from '../../../src/inspector/protocol/session.js';
import type { TimelinePage } from '../../../src/inspector/protocol/timeline.js';
import { failing, testProject } from '../support/project.js';

const evil = '</script><script>alert(1)</script><!-- <script>';

async function reported() {
  const project = await testProject();
  const service = project.service({ config: { checks: failing } });
  const taskId = await service.planImprovement({
    description: `Say ${evil}`,
    targetFiles: [],
    requiresRestart: false,
    changes: [{ file: 'a.html', type: 'create', content: `${evil}\u2028` }],
  });
  await service.executeImprovement();
  return { project, service, taskId, html: await exportReport(service) };
}

function dataOf(html: string): Report {
  const data = /<script type="application\/json" id="moult-report">(.*?)<\/script>/s.exec(html)?.[1];
  return JSON.parse(data!) as Report;
}

describe('a report', () => {
  test('has every answer that the page asks for, with nothing to do', async () => {
    const { html, taskId } = await reported();
    const { answers } = dataOf(html);
    const at = `api/improvements/${taskId}`;
    const addresses = ['api/session', 'api/improvements', 'api/charts/improvement', at];
    expect(Object.keys(answers)).toEqual(
      expect.arrayContaining([...addresses, `${at}/timeline`, `${at}/files/0`, `${at}/checks/0/log`]),
    );
    expect(answers['api/session'] as unknown as Session).toMatchObject({
      live: false,
      actionsAllowed: false,
      task: taskId,
    });
    const improvement = answers[at] as unknown as Improvement;
    expect(improvement).toMatchObject({ state: 'rolled_back', description: `Say ${evil}` });
    expect(improvement.actions.filter(({ enabled }) => enabled)).toEqual([]);
    const { entries, more } = answers[`${at}/timeline`] as unknown as TimelinePage;
    expect([more, entries.some((entry) => entry.kind === 'state' && entry.state === 'rolled_back')]).toEqual([
      false,
      true,
    ]);
  });

  test('runs its own script and nothing else, and asks nobody for anything', async () => {
    const { html } = await reported();
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; img-src data:;/,
    );
    const scripts = [...html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)];
    expect(scripts.map(([, attributes]) => attributes)).toEqual([
      ' type="application/json" id="moult-report"',
      '',
    ]);
    const hash = createHash('sha256').update(scripts[1]![2]!).digest('base64');
    expect(policy).toContain(`'sha256-${hash}'`);
    expect(scripts[0]![2]).not.toMatch(/[<>&\u2028]/);
    expect(html).not.toMatch(/(src|href)="(?!data:)/);
  });

  test('can be made of a copy of a state directory', async () => {
    const { project, taskId } = await reported();
    const folder = mkdtempSync(path.join(tmpdir(), 'moult-report-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const copy = path.join(folder, 'copy');
    cpSync(project.stateDirectory, copy, { recursive: true });
    expect(Object.keys(dataOf(await exportReport({ stateDirectory: copy }, taskId)).answers)).toContain(
      `api/improvements/${taskId}`,
    );
  });

  test('of nothing is refused', async () => {
    const project = await testProject();
    await expect(exportReport(project.service())).rejects.toMatchObject({ code: 'NO_TASK' });
    await expect(exportReport(project.service(), 'si-1')).rejects.toMatchObject({
      code: 'INSPECTOR_UNKNOWN',
    });
    await expect(exportReport({ stateDirectory: project.root })).rejects.toMatchObject({
      code: 'NOT_A_PROJECT',
    });
  });
});
