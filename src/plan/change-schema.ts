import { z } from 'zod';
import { requestLimits } from './request-limits.js';

const sources = ['content', 'contentBase64', 'edits', 'patch', 'symlink'] as const;

const isWholeText = (text: string) => !/\p{Surrogate}/u.test(text);
const text = z
  .string()
  .max(requestLimits.contentCharacters)
  .refine(isWholeText, 'contains half a character (a lone surrogate), which UTF-8 cannot hold');

const editSchema = z.strictObject({ oldText: text.min(1), newText: text });

/** One change of a request: its shape, and which fields may stand together. */
export const changeSchema = z
  .strictObject({
    file: z.string().min(1).max(requestLimits.pathCharacters),
    type: z.enum(['create', 'modify', 'delete']),
    description: z.string().max(requestLimits.descriptionCharacters).optional(),
    risk: z.enum(['low', 'medium', 'high']).optional(),
    content: text.optional(),
    contentBase64: z
      .string()
      .max(requestLimits.contentCharacters)
      .refine(isBase64, 'must be base64 with padding, without line breaks')
      .optional(),
    edits: z.array(editSchema).min(1).max(requestLimits.editsPerChange).optional(),
    patch: text.min(1).optional(),
    symlink: text
      .min(1)
      .max(requestLimits.pathCharacters)
      .refine((target) => !target.includes('\0'), 'contains a NUL character')
      .optional(),
    mode: z
      .string()
      .regex(/^0?[0-7]{3}$/, 'must be permission bits in octal, as "0644" or "755"')
      .optional(),
  })
  .check(({ value, issues }) => {
    for (const { key, message } of conflicts(value)) {
      issues.push({ code: 'custom', path: [key], message, input: value[key] });
    }
  });

type Change = Partial<Record<(typeof sources)[number] | 'mode', unknown>> & { type: string };

function conflicts(change: Change): { key: (typeof sources)[number] | 'mode'; message: string }[] {
  const given = sources.filter((source) => change[source] !== undefined);
  const withMode = change.mode !== undefined;
  if (change.type === 'delete') {
    const keys = withMode ? [...given, 'mode' as const] : given;
    return keys.map((key) => ({ key, message: 'a deletion takes none' }));
  }
  const onlyModify = given.filter((key) => change.type !== 'modify' && (key === 'edits' || key === 'patch'));
  return [
    ...given.slice(1).map((key) => ({ key, message: `cannot stand beside ${given[0]}: give one of them` })),
    ...onlyModify.map((key) => ({ key, message: 'needs a file that is there: type "modify"' })),
    ...(withMode && given.includes('symlink')
      ? [{ key: 'mode' as const, message: 'a symbolic link has no mode of its own' }]
      : []),
  ];
}

/** Not one expression for the whole: on a long text its backtracking would overflow the stack. */
function isBase64(encoded: string): boolean {
  return encoded.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(encoded.replace(/={1,2}$/, ''));
}
