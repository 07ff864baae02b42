const cases = /(?<![\w.$])(?:it|test|describe|expect|assert|def test_\w*|func Test\w*|#\[test\])(?![\w$])/g;
const skips =
  /(?<![\w$])(?:(?:it|test|describe|suite)\.(?:skip|todo|only|failing)|x(?:it|test|describe)|@pytest\.mark\.skip|t\.Skip)(?![\w$])/g;

/** How a test checks less after a change than before, in words; null where that cannot be seen. */
export function testLoss(before: Uint8Array, after: Uint8Array): string | null {
  const [old, now] = [textOf(before), textOf(after)];
  const had = count(old, cases);
  if (had > 0 && count(now, cases) === 0) return 'has nothing in it any more that checks anything';
  if (count(now, skips) > count(old, skips)) return 'leaves out tests that it ran before';
  const has = count(now, cases);
  return has < had ? `has fewer tests and assertions: ${has}, and ${had} before` : null;
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
