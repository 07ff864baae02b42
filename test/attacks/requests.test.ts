import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MoultError } from '../../src/errors/moult-error.js';
import type { ImprovementRequest } from '../../src/improvement.js';
import { globMatcher } from '../../src/plan/glob-matcher.js';
import { attackGround, passing, type AttackGround } from './attack-ground.js';
import { requestAttacks } from './request-attacks.js';

let ground: AttackGround;
const config = { checks: passing, limits: { files: 20, fileBytes: 1_000, planBytes: 2_000 } };

beforeAll(async () => {
  ground = await attackGround();
  await ground.remember();
});
afterAll(() => ground.remove());

describe('a request is refused, and nothing is touched:', () => {
  it.each(requestAttacks)('$name', async ({ request, code }) => {
    const planned = ground.service({ config }).planImprovement(request() as ImprovementRequest);
    const error = await planned.then(
      () => null,
      (refusal: unknown) => refusal,
    );
    expect(error).toBeInstanceOf(MoultError);
    expect((error as MoultError).code).toBe(code);
    // The message is for a person: it does not carry the whole attack.
    expect((error as MoultError).message.length).toBeLessThan(20_000);
    await ground.expectUntouched();
  });
});

it('a glob is no bomb, whatever stars it is made of', () => {
  const isNamed = globMatcher(['*a'.repeat(2_000), '**/'.repeat(500) + 'x', `${'?*'.repeat(1_000)}b`]);
  expect(isNamed('a'.repeat(250))).toBe(false);
  expect(isNamed(`${'a/'.repeat(1_000)}b`)).toBe(false);
});
