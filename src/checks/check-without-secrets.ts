import type { ValidationCheck } from '../improvement.js';
import { isSecretName } from '../secrets/secret-values.js';
import { secretMark } from '../secrets/secret-mark.js';
import type { SecretMasker } from '../secrets/secret-masker.js';

/** A check as it is kept in a plan: of its words and of the values of its variables, what is no secret. */
export function checkWithoutSecrets(check: ValidationCheck, masker: SecretMasker): ValidationCheck {
  const { env = {}, ...words } = check;
  const own = masker.with(env);
  // The name tells the check in the configuration from the others.
  const shown = { ...own.maskJsonValues(words), name: check.name };
  if (check.env === undefined) return shown;
  const values = Object.entries(env).map(([name, value]) => [
    name,
    isSecretName(name) ? secretMark : own.maskValues(value),
  ]);
  return { ...shown, env: Object.fromEntries(values) as Record<string, string> };
}
