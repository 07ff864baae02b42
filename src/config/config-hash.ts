import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../plan/canonical-json.js';
import { parseConfig, type MoultConfig } from './parse-config.js';

/**
 * SHA-256 in hex: equal for configurations that mean the same, whatever the order of their keys, and whether a default is
 * written out or not. So a plan that waits stays good when a later version of moult has more keys.
 */
export function configHash(config: MoultConfig): string {
  const chosen = withoutDefaults(config, parseConfig({}, 'the defaults')) ?? {};
  return createHash('sha256').update(canonicalJson(chosen)).digest('hex');
}

/** Undefined where nothing differs. */
function withoutDefaults(value: unknown, standard: unknown): unknown {
  if (isDeepStrictEqual(value, standard)) return undefined;
  if (!isObject(value) || !isObject(standard)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
      const chosen = withoutDefaults(inner, standard[key]);
      return chosen === undefined ? [] : [[key, chosen]];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
