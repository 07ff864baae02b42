/**
 * JSON with sorted keys and no white space: the same value always gives the same text, so it can be hashed. Members that
 * are `undefined` are left out, as in JSON.
 *
 * @throws TypeError for what JSON cannot hold (a function, NaN, a Date): it would be lost from the hash without a sign.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return objectJson(value);
  const isJson = value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
  if (!isJson)
    throw new TypeError(`A value of type ${typeof value} cannot be part of a hash: it is not JSON.`);
  return JSON.stringify(value);
}

/** The same text of an object in pieces, an element of its own arrays each: a large one need not be written in one go. */
export function* canonicalPieces(value: object): Generator<string> {
  let separator = '{';
  for (const [key, member] of members(value)) {
    yield `${separator}${JSON.stringify(key)}:`;
    if (Array.isArray(member)) yield* elements(member);
    else yield canonicalJson(member);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

function* elements(array: unknown[]): Generator<string> {
  for (const [index, element] of array.entries()) yield `${index === 0 ? '[' : ','}${canonicalJson(element)}`;
  yield array.length === 0 ? '[]' : ']';
}

function objectJson(value: object): string {
  const written = members(value).map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${written.join(',')}}`;
}

function members(value: object): [string, unknown][] {
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]') throw new TypeError(`${tag} cannot be part of a hash: it is not JSON.`);
  return Object.entries(value as Record<string, unknown>)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
