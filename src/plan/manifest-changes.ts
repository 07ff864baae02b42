/** What a package.json says about itself to people; all else decides what is installed, built or run. */
const harmless = new Set([
  'author',
  'bugs',
  'contributors',
  'description',
  'funding',
  'homepage',
  'keywords',
  'license',
  'maintainers',
  'repository',
  'version',
]);

export interface ManifestChanges {
  /** The keys, of those at the top, that differ; null where one side is no JSON object. */
  keys: string[] | null;
  /** Those of `keys` that decide what is installed, built or run. */
  deciding: string[];
}

/** What a change of a package.json alters in it. */
export function manifestChanges(before: Uint8Array, after: Uint8Array): ManifestChanges {
  const [old, now] = [objectOf(before), objectOf(after)];
  if (old === null || now === null) return { keys: null, deciding: [] };
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
  return { keys, deciding: keys.filter((key) => !harmless.has(key)) };
}

/** Each key with its value as JSON: an order that differs is a difference, because it can decide, as in `exports`. */
function objectOf(bytes: Uint8Array): Map<string, string> | null {
  try {
    const value = JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    ) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return new Map(Object.entries(value).map(([key, member]) => [key, JSON.stringify(member)]));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
