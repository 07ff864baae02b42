import * as fs from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cliInProcess } from '../support/cli-in-process.js';
import { attackGround, type AttackGround } from './attack-ground.js';

let ground: AttackGround;
let state: string;
beforeEach(async () => {
  ground = await attackGround();
  state = ground.at('.git/moult');
});
afterEach(() => ground.remove());

const change = (file: string) => ({
  description: 'x',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file, type: 'modify' as const, content: 'changed\n' }],
});
const checking = (command: string) => ({
  checks: [{ name: 'abuse', type: 'custom', shell: true, command, env: { STATE: state } }],
});

it.each(['rm -rf "$STATE"', 'rm -rf "$STATE"; exit 1'])(
  'a check that deletes the state directory ends the improvement by name, and nothing is put anywhere: %s',
  async (command) => {
    const other = fs.readFileSync(ground.at('src/b.ts'), 'utf8');
    const service = ground.service({ config: checking(command) });
    await service.planImprovement(change('src/a.ts'));
    await expect(service.executeImprovement()).rejects.toMatchObject({
      code: 'STATE_LOST',
      details: { directory: state },
    });
    expect(fs.readFileSync(ground.at('src/a.ts'), 'utf8')).toBe('changed\n');
    expect(fs.readFileSync(ground.at('src/b.ts'), 'utf8')).toBe(other);
    // The next one is not kept from its work.
    const next = ground.service();
    await next.recover();
    await next.planImprovement(change('src/b.ts'));
    expect(await next.executeImprovement()).toMatchObject({ status: 'completed' });
  },
);

it('the command line says so as well, with the exit code of a rollback that failed', async () => {
  fs.writeFileSync(ground.at('moult.config.json'), JSON.stringify(checking('rm -rf "$STATE"')));
  const request = `${ground.outside}/request.json`;
  fs.writeFileSync(request, JSON.stringify(change('src/a.ts')));
  const ended = await cliInProcess(['run', request], { cwd: ground.root });
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain('[STATE_LOST]');
});

it('a state directory that is a link is refused by name, and nothing is written where it leads', async () => {
  fs.symlinkSync(ground.outside, state);
  await ground.remember();
  const service = ground.service();
  const verbs = [
    () => service.planImprovement(change('src/a.ts')),
    () => service.recover(),
    () => service.describeImprovement(),
  ];
  for (const verb of verbs)
    await expect(verb()).rejects.toMatchObject({ code: 'STATE_LINKED', details: { directory: state } });
  await ground.expectUntouched();
});
