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

function objectJson(value: object): string {
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]') throw new TypeError(`${tag} cannot be part of a hash: it is not JSON.`);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
