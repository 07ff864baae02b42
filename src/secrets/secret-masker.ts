import { findSecrets } from './find-secrets.js';
import { maskPrivateKeys } from './mask-private-keys.js';
import { MaskedStream } from './masked-stream.js';
import { secretMark } from './secret-mark.js';
import { secretValues, type Environment } from './secret-values.js';
import { tokenPattern } from './token-patterns.js';

/**
 * Takes secrets out of what leaves the process. In the place of each stands `***`. What was masked once is left as it is
 * by every further mask.
 */
export interface SecretMasker {
  /** At once: values of variables whose name says that they are secret, well-known forms of tokens, private keys. */
  maskValues: (text: string) => string;
  /** The same, and what secretlint finds besides. */
  mask: (text: string) => Promise<string>;
  /** `maskValues` for every text of a JSON value, keys too. */
  maskJsonValues<Value>(value: Value): Value;
  /** `mask` for every text of a JSON value, keys too. */
  maskJson<Value>(value: Value): Promise<Value>;
  /** `maskValues` for the output of a program, in which a secret may come in two chunks. One for each stream. */
  stream(): MaskedStream;
  /** A masker that knows these as well, as the variables of one check. */
  with(another: Environment): SecretMasker;
}

/**
 * @param environment looked at each time: programs read their secrets into it after they have started. A value is a secret
 * by the name of its variable, and only where it is long enough not to be a word of every text.
 */
export function createSecretMasker(
  environment: Environment | (() => Environment),
  ...more: readonly Environment[]
): SecretMasker {
  const values = () => secretValues(typeof environment === 'function' ? environment() : environment, ...more);
  const maskValues = (text: string) => maskText(text, values());
  const mask = async (text: string) => {
    const masked = maskValues(text);
    return replaceAll(masked, await findSecrets(masked));
  };
  return {
    maskValues,
    mask,
    maskJsonValues: (value) => {
      const known = values();
      return mapTexts(value, (text) => maskText(text, known));
    },
    maskJson: async (value) => {
      const known = values();
      const masked = mapTexts(value, (text) => maskText(text, known));
      const found = await findSecrets(textsOf(masked).join('\n'));
      return found.length === 0 ? masked : mapTexts(masked, (text) => replaceAll(text, found));
    },
    stream: () => {
      // A secret of several lines is known by each of them.
      const known = values()
        .filter((value) => !value.includes('\n'))
        .map((value) => Buffer.from(value, 'utf8').toString('latin1'));
      return new MaskedStream({ values: known, mask: (text) => maskText(text, known) });
    },
    with: (another) => createSecretMasker(environment, ...more, another),
  };
}

function maskText(text: string, values: readonly string[]): string {
  return maskPrivateKeys(replaceAll(text, values)).replace(tokenPattern, secretMark);
}

function replaceAll(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (masked, secret) => (masked.includes(secret) ? masked.replaceAll(secret, secretMark) : masked),
    text,
  );
}

function mapTexts<Value>(value: Value, map: (text: string) => string): Value {
  if (typeof value === 'string') return map(value) as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, map)) as Value;
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [map(key), mapTexts(member, map)] as const);
  return Object.fromEntries(entries) as Value;
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return isPlainObject(value)
    ? Object.entries(value).flatMap(([key, member]) => [key, ...textsOf(member)])
    : [];
}

function isPlainObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}
