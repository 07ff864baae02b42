import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackGround, passing, type AttackGround } from './attack-ground.js';
import { pathAttacks } from './path-attacks.js';

let ground: AttackGround;
const config = { checks: passing, protectedPaths: ['guarded'] };

beforeAll(async () => {
  ground = await attackGround();
  fs.symlinkSync(ground.outside, ground.at('way-out'));
  fs.symlinkSync('src', ground.at('way-in'));
  fs.symlinkSync('../outside/secret.txt', ground.at('link-out'));
  fs.linkSync(`${ground.outside}/secret.txt`, ground.at('twin.txt'));
  execFileSync('mkfifo', [ground.at('fifo')]);
  const server = createServer().listen(ground.at('socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  // What a process leaves that is killed.
  fs.renameSync(ground.at('socket'), ground.at('socket.kept'));
  await new Promise((resolve) => server.close(resolve));
  fs.renameSync(ground.at('socket.kept'), ground.at('socket'));
  await ground.remember();
});
afterAll(() => ground.remove());

describe('a path is refused, and nothing is touched:', () => {
  it.each(pathAttacks)('$name', async ({ changes, targetFiles = [], code }) => {
    const request = {
      description: 'attack',
      targetFiles,
      requiresRestart: false,
      changes: changes.map((change) =>
        typeof change === 'string' ? { file: change, type: 'create' as const, content: 'x' } : change,
      ),
    };
    await expect(ground.service({ config }).planImprovement(request)).rejects.toMatchObject({ code });
    await ground.expectUntouched();
    // Not even a state directory.
    expect(fs.existsSync(ground.at('.git/moult'))).toBe(false);
  });
});

describe('afterwards', () => {
  it('a file with a second name outside is replaced, and never written through', async () => {
    const service = ground.service({ config });
    await service.planImprovement({
      description: 'x',
      targetFiles: [],
      requiresRestart: false,
      changes: [{ file: 'twin.txt', type: 'modify', content: 'changed\n' }],
    });
    expect(await service.executeImprovement()).toMatchObject({ status: 'completed' });
    expect(fs.readFileSync(ground.at('twin.txt'), 'utf8')).toBe('changed\n');
    expect(fs.readFileSync(`${ground.outside}/secret.txt`, 'utf8')).toBe('not yours\n');
  });
});
