import type { lintSource as lint } from '@secretlint/core';

type Config = Parameters<typeof lint>[0]['options']['config'];

/** Their data name the kind of secret under this key, and the secret itself under another. */
const notSecret = new Set(['typeName', 'FILE_NAME']);

/** Takes orders from the text it looks at, which may be anybody's. */
const obeysText = '@secretlint/secretlint-rule-filter-comments';

type Linter = (text: string) => Promise<string[]>;
let linter: Promise<Linter> | undefined;

/** What secretlint takes for a secret in a text, each once. It is loaded on first use: that takes a moment. */
export async function findSecrets(text: string): Promise<string[]> {
  if (!mayHoldSecret(text)) return [];
  linter ??= loadLinter();
  return (await linter)(text);
}

/** No secret is prose: it is a long word of letters and digits, or part of an address. */
function mayHoldSecret(text: string): boolean {
  const words = text.match(/\S{16,}/g) ?? [];
  return words.some((word) => word.includes('://') || (/\d/.test(word) && /[A-Za-z]/.test(word)));
}

async function loadLinter(): Promise<Linter> {
  const [{ lintSource }, { rules }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const config: Config = {
    rules: rules
      .filter(({ meta }) => meta.id !== obeysText)
      .map((rule) => ({ id: rule.meta.id, rule, options: { enableIDScanRule: true } })),
  };
  return async (text) => {
    const source = { filePath: 'text', content: text, contentType: 'text' } as const;
    const { messages } = await lintSource({ source, options: { noPhysicFilePath: true, config } });
    return [...new Set(messages.flatMap((message) => secretsOf(message, text)))];
  };
}

/** The range of a message is not always that of the secret; its data are. */
function secretsOf({ data, range }: { data?: unknown; range: readonly number[] }, text: string): string[] {
  const named = Object.entries((data ?? {}) as Record<string, unknown>).flatMap(([key, value]) =>
    typeof value === 'string' && value !== '' && !notSecret.has(key) ? [value] : [],
  );
  return named.length > 0 ? named : [text.slice(range[0], range[1])];
}
