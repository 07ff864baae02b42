import type { z } from 'zod';
import type { InputIssue } from '../errors/error-table.js';

type Issue = z.core.$ZodIssue;

/**
 * What zod found, in plain words and one line per place. Parse with `reportInput: true`, or a value of the wrong type is
 * called missing.
 */
export function inputIssues(error: z.ZodError): InputIssue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: dotted(issue.path), message: plainWords(issue) }];
    return issue.keys.map((key) => ({
      path: dotted([...issue.path, key]),
      message: `${quoted(key)} is not a known key`,
    }));
  });
}

const quoted = (value: unknown) => JSON.stringify(value);
const dotted = (path: readonly PropertyKey[]) => path.map(String).join('.');

function plainWords(issue: Issue): string {
  if (issue.code === 'invalid_type') return wrongType(issue.expected, issue.input);
  if (issue.code === 'invalid_value') {
    const missing = issue.input === undefined ? 'is missing; it ' : '';
    return `${missing}must be one of ${issue.values.map(quoted).join(', ')}`;
  }
  if (issue.code === 'too_big') {
    return `must have at most ${Number(issue.maximum).toLocaleString('en-US')} ${unit(issue.origin)}`;
  }
  if (issue.code === 'too_small') {
    const least = Number(issue.minimum);
    return least === 1 ? 'must not be empty' : `must have at least ${least} ${unit(issue.origin)}`;
  }
  return issue.message;
}

function wrongType(expected: string, input: unknown): string {
  return input === undefined ? 'is missing' : `must be ${typeName(expected)}, not ${typeOf(input)}`;
}

const unit = (origin: string) => (origin === 'string' ? 'characters' : 'items');

function typeName(type: string): string {
  const names: Record<string, string> = {
    string: 'text',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
  };
  return names[type] ?? `of type ${type}`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return { string: 'text', object: 'an object' }[typeof value as string] ?? `a ${typeof value}`;
}
