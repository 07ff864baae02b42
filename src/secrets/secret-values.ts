/** An environment, as `process.env` is one. */
export type Environment = Readonly<Record<string, string | undefined>>;

const secretPart =
  /SECRET|TOKEN|PASSW(OR)?D|PASSPHRASE|PASSCODE|CREDENTIAL|API_?KEY|PRIVATE|WEBHOOK|COOKIE|JWT/;
const secretWord = /(^|_)(PASS|PWD|KEYS?|AUTH|PAT|DSN|SALT|SIGNATURE)(_|$)/;
/** Where something lies, and not what is in it; and the current folder. */
const harmless = /_(SOCK|FILE|PATH|DIR|HOME)$|^(OLD)?PWD$/;

const leastLength = 8;
/** `production` and `86400000` are words of every log. */
const leastPlainLength = 12;
/** A line of a secret of several lines is one by itself from this length on. */
const leastLineLength = 16;

/** Whether the name of a variable says that its value is a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');
  return !harmless.test(words) && (secretPart.test(words) || secretWord.test(words));
}

/**
 * The secrets of environments in every form in which they could be printed, the longest first: as they are, within
 * JSON, within a URL, in base64, and each line of one that has several.
 */
export function secretValues(...environments: readonly Environment[]): string[] {
  const forms = new Set<string>();
  for (const [name, value] of environments.flatMap((environment) => Object.entries(environment))) {
    if (value === undefined || !isSecretName(name)) continue;
    for (const form of formsOf(value)) forms.add(form);
  }
  return [...forms].sort((one, other) => other.length - one.length);
}

function formsOf(value: string): string[] {
  const whole = value.trim();
  if (!isLongEnough(whole)) return [];
  const lines = whole.split(/\r?\n/).map((line) => line.trim());
  const parts = lines.length > 1 ? lines.filter((line) => line.length >= leastLineLength) : [];
  return [whole, ...parts].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    urlForm(text),
    Buffer.from(text, 'utf8').toString('base64'),
  ]);
}

function isLongEnough(value: string): boolean {
  const isPlain = /^([a-z]+|[A-Z]+|\d+)$/.test(value);
  return value.length >= (isPlain ? leastPlainLength : leastLength);
}

/** Half a character has no form in a URL. */
function urlForm(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text : encodeURIComponent(text);
}
