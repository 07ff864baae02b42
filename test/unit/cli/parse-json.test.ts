import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/cli/parse-json.js';

const refusal = (text: string): string => {
  try {
    parseJson(text, (reason) => new Error(reason));
  } catch (error) {
    return (error as Error).message;
  }
  return 'it was parsed';
};

describe('parseJson', () => {
  it('answers the value', () => {
    expect(parseJson('{"a":[1,"\\u0041"]}', (reason) => new Error(reason))).toEqual({ a: [1, 'A'] });
  });

  it.each([
    ['x', 1, 1],
    ['{\n  "a": 1,\n}', 3, 1],
    ['{\n  "a": tru\n}', 2, 11],
    ['[\n1,\n\n  yes]', 4, 3],
    ['{"a": "b" "c"}', 1, 11],
    [`["${'long '.repeat(50)}", wrong]`, 1, 256],
    ['{"a": [1, 2', 1, 12],
    ['"never closed', 1, 14],
    ['{}\n{}', 2, 1],
    ['"\u0001"', 1, 2],
    ["{'a': 1}", 1, 2],
  ])('tells the place of what is wrong in %j', (text, line, column) => {
    expect(refusal(text)).toContain(`line ${line}, column ${column}: `);
  });

  it('does not repeat the text, which may be long or secret', () => {
    expect(refusal('{"password": hunter2}')).not.toContain('hunter2');
  });

  it('says when there is nothing', () => {
    expect(refusal(' \n')).toBe('it is empty');
  });
});
