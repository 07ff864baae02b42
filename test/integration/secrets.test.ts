import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { memoryNotifier } from '../../src/testing/memory-notifier.js';
import { CollectingLogger } from './support/collecting-logger.js';
import { testProject } from './support/project.js';

const secret = 'swordfish-4711-"quoted"';
const token = `ghp_${'a1B2c3D4e5'.repeat(3)}F6G7H8`;

afterEach(() => vi.unstubAllEnvs());

test('no secret is in what an improvement leaves behind, tells or answers', async () => {
  vi.stubEnv('SERVICE_PASSWORD', secret);
  const project = await testProject();
  const notifier = memoryNotifier();
  const logger = new CollectingLogger();
  const checks = [
    {
      name: 'talks',
      type: 'custom',
      required: true,
      shell: true,
      command: 'echo "p: $SHOWN"; echo "$SERVICE_PASSWORD" >&2; echo own-pass-0815; exit 1',
      env: { OWN_PASSWORD: 'own-pass-0815', SHOWN: secret },
    },
  ];
  const told: unknown[] = [];
  const service = project.service({
    config: { checks, passEnv: ['SERVICE_PASSWORD'] },
    notifier,
    logger,
    onProgress: (event) =>
      told.push(event.type === 'check-output' ? Buffer.from(event.chunk).toString() : event),
  });
  const taskId = await service.planImprovement({
    description: `Use ${token}`,
    targetFiles: [],
    changes: [{ file: 'src/a.ts', type: 'modify', content: `${secret}\n`, description: `with ${secret}` }],
    requiresRestart: false,
  });
  const result = await service.executeImprovement();
  expect(result).toMatchObject({ status: 'rolled_back', checks: [{ status: 'failed' }] });
  const details = await service.describeImprovement(taskId);
  const outputs: Record<string, string> = {
    ...filesOf(path.join(project.stateDirectory, 'tasks', taskId), ['planned', 'before']),
    result: JSON.stringify(result),
    details: JSON.stringify(details),
    notices: JSON.stringify(notifier.notices),
    told: JSON.stringify(told),
    log: logger.lines.join('\n'),
  };
  expect(Object.keys(outputs)).toContain('logs/01-talks.log');
  for (const [name, text] of Object.entries(outputs)) {
    for (const hidden of [secret, JSON.stringify(secret).slice(1, -1), token, 'own-pass-0815'])
      expect(text.includes(hidden), `${name} holds ${hidden}`).toBe(false);
  }
  expect(outputs['logs/01-talks.log']?.split('\n').sort()).toEqual(['', '***', '***', 'p: ***']);
  expect(details.description).toBe('Use ***');
});

/** What lies in a folder, but for some of its folders. */
function filesOf(folder: string, except: readonly string[]): Record<string, string> {
  const names = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !except.includes(name.split(path.sep)[0] ?? ''));
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}
