import { createHash } from 'node:crypto';
import { canonicalJson } from '../plan/canonical-json.js';
import type { MoultConfig } from './parse-config.js';

/** SHA-256 in hex: equal for configurations that mean the same, whatever the order of their keys. */
export function configHash(config: MoultConfig): string {
  return createHash('sha256').update(canonicalJson(config)).digest('hex');
}
