import type { Json } from '../../protocol/session.js';

export interface JsonChange {
  /** As `checks[0].status`; empty for the whole. */
  path: string;
  /** Undefined where it was not there. */
  before: Json | undefined;
  /** Undefined where it is not there any more. */
  after: Json | undefined;
}

/** What is different between two values, leaf by leaf, in the order of the keys. */
export function jsonChanges(before: Json | undefined, after: Json | undefined, path = ''): JsonChange[] {
  if (Object.is(before, after)) return [];
  const isBranch = isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after);
  if (!isBranch) return [{ path, before, after }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    jsonChanges(at(before, key), at(after, key), join(path, key, Array.isArray(after))),
  );
}

type Branch = Json[] | { [key: string]: Json };

function isObject(value: Json | undefined): value is Branch {
  return typeof value === 'object' && value !== null;
}

function at(value: Branch, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? (value as Record<string, Json>)[key] : undefined;
}

function join(path: string, key: string, isList: boolean): string {
  if (isList) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}
