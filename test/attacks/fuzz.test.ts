import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { improvementMachineVersion } from '../../machines/improvement-machine.js';
import { parseConfig } from '../../src/config/parse-config.js';
import { MoultError } from '../../src/errors/moult-error.js';
import { applyPatch } from '../../src/plan/apply-patch.js';
import { decodePlan } from '../../src/plan/plan-file.js';
import { parseProjectPath } from '../../src/plan/parse-project-path.js';
import { parseRequest } from '../../src/plan/parse-request.js';
import type { FileSystem } from '../../src/ports/file-system.js';
import { encodeChecked } from '../../src/store/checked-file.js';
import { Journal } from '../../src/store/journal.js';
import { decodeEnvelope } from '../../src/store/snapshot-envelope.js';

/** Of all together; `npm run test:fuzz` makes it 300,000. */
const allRuns = Number(process.env.MOULT_FUZZ_RUNS ?? 6_000);
const properties = 6;
const numRuns = Math.ceil(allRuns / properties);
/** The sample is always the same; the long run never is, and says which it was. */
const seed = allRuns > 6_000 ? Date.now() % 2 ** 31 : 4711;
const options = { numRuns, seed };
const time = allRuns * 20 + 60_000;

/** What it answers does not matter; what it throws must have a code. */
function onlyTyped(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof MoultError) return true;
    throw error;
  }
}

const odd = fc.constantFrom(
  '',
  '..',
  '/',
  '\0',
  '\ud800',
  '__proto__',
  'constructor',
  '*',
  '0644',
  'a'.repeat(300),
);
const word = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 }), odd);
const deep = fc.integer({ min: 1, max: 20_000 }).map((depth) => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
});
const anything = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.anything({ maxDepth: 4, withNullPrototype: true, withBigInt: true, withDate: true }),
  },
  { weight: 1, arbitrary: deep },
);
/** A record of which each member is as it should be, or anything, or not there. */
const nearly = (members: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(
    Object.fromEntries(
      Object.entries(members).map(([key, arbitrary]) => [
        key,
        fc.oneof({ weight: 8, arbitrary }, { weight: 1, arbitrary: anything }),
      ]),
    ),
    { requiredKeys: [] },
  );

const change = nearly({
  file: word,
  type: fc.constantFrom('create', 'modify', 'delete'),
  content: word,
  contentBase64: fc.base64String({ maxLength: 20 }),
  edits: fc.array(nearly({ oldText: word, newText: word }), { maxLength: 3 }),
  patch: word,
  symlink: word,
  mode: fc.constantFrom('644', '0755', '7777', '-1'),
  risk: fc.constantFrom('low', 'high', 'none'),
});
const request = nearly({
  description: word,
  targetFiles: fc.array(word, { maxLength: 3 }),
  changes: fc.array(change, { maxLength: 4 }),
  requiresRestart: fc.boolean(),
  skipTests: fc.boolean(),
});
const check = nearly({
  name: word,
  type: fc.constantFrom('build', 'test', 'lint', 'custom'),
  command: fc.oneof(word, fc.constantFrom('a | b', "a 'b", 'A=1 b', '$(x)', 'node "x y"')),
  required: fc.boolean(),
  timeoutMs: fc.integer(),
  env: fc.dictionary(word, word, { maxKeys: 3 }),
  shell: fc.boolean(),
});
const config = nearly({
  checks: fc.array(check, { maxLength: 3 }),
  passEnv: fc.array(word, { maxLength: 3 }),
  artifacts: fc.array(word, { maxLength: 3 }),
  protectedPaths: fc.oneof(
    fc.array(word, { maxLength: 3 }),
    nearly({ never: fc.array(word), allow: fc.array(word) }),
  ),
  limits: nearly({ files: fc.integer(), fileBytes: fc.double() }),
  requireApproval: fc.constantFrom('never', 'high-risk', 'always', 'sometimes'),
  restart: nearly({ delayMs: fc.integer(), requireConfirmation: fc.boolean() }),
  retention: nearly({ maxAgeMs: fc.double(), keepLast: fc.integer() }),
  stateDir: word,
});

describe('whatever comes, the answer has a code:', () => {
  it(
    'a request',
    () => {
      fc.assert(
        fc.property(fc.oneof(request, anything), (input) => {
          onlyTyped(() => {
            for (const { file } of parseRequest(input).changes) onlyTyped(() => parseProjectPath(file));
          });
        }),
        options,
      );
    },
    time,
  );

  it(
    'a configuration',
    () => {
      fc.assert(
        fc.property(fc.oneof(config, anything), (input) => void onlyTyped(() => parseConfig(input, 'fuzz'))),
        options,
      );
    },
    time,
  );

  it(
    'a patch',
    () => {
      const number = fc.oneof(
        fc.integer({ min: -1, max: 4 }),
        fc.constantFrom(1e21, '', '99999999999999999999'),
      );
      const header = fc
        .tuple(number, number, number, number)
        .map(([a, b, c, d]) => `@@ -${a},${b} +${c},${d} @@`);
      const line = fc.oneof(
        { weight: 3, arbitrary: header },
        {
          weight: 6,
          arbitrary: fc
            .tuple(fc.constantFrom('+', '-', ' ', ''), fc.constantFrom('a', 'b', '', 'é\r'))
            .map((parts) => parts.join('')),
        },
        fc.constantFrom(
          '--- a/x',
          '+++ b/x',
          '--- /dev/null',
          'diff --git a/x b/x',
          'rename to y',
          'old mode 100644',
          'Binary files differ',
          '\\ No newline at end of file',
          'index 1..2',
          '\ufeff',
          'Index: x',
          '===',
        ),
        word,
      );
      const patch = fc.array(line, { maxLength: 14 }).map((lines) => lines.join('\n'));
      const text = fc
        .array(fc.constantFrom('a', 'b', '', 'é\r'), { maxLength: 6 })
        .map((lines) => lines.join('\n'));
      fc.assert(
        fc.property(text, patch, (before, diff) => void onlyTyped(() => applyPatch('x', before, diff))),
        options,
      );
    },
    time,
  );

  it(
    'a path',
    () => {
      const piece = fc.oneof(
        word,
        fc.constantFrom(
          '.git',
          '.GIT',
          'git~1',
          '.',
          '..',
          'a',
          'a.',
          'a ',
          'a:b',
          '.moult',
          'moult.config.js',
        ),
      );
      const slash = fc.constantFrom('/', '//', '\\', '/./');
      const joined = fc.array(fc.tuple(piece, slash), { maxLength: 5 }).map((parts) => parts.flat().join(''));
      fc.assert(
        fc.property(joined, piece, (folder, name) => {
          onlyTyped(() => {
            const path = parseProjectPath(folder + name);
            // What is let through is in its normal form, inside, and let through again.
            expect(parseProjectPath(path)).toBe(path);
            expect(path.split('/').some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase()))).toBe(
              false,
            );
          });
        }),
        options,
      );
    },
    time,
  );

  it(
    'a journal',
    async () => {
      const line = fc.oneof(
        anything.map((value) => whole(value)),
        fc
          .tuple(fc.integer({ min: 1, max: 4 }), body)
          .map(([seq, record]) => whole({ seq, token: 1, at: 'x', body: record })),
        fc.string().map((text) => Buffer.from(`${text}\n`)),
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      );
      const journal = fc.array(line, { maxLength: 5 }).map((lines) => Buffer.concat(lines));
      await fc.assert(
        fc.asyncProperty(journal, async (bytes) => {
          try {
            await Journal.open({ fileSystem: holding(bytes), file: '/x/journal.log', now: () => 0 });
          } catch (error) {
            if (!(error instanceof MoultError)) throw error;
          }
        }),
        options,
      );
    },
    time,
  );

  it(
    'a plan and a snapshot on disk',
    async () => {
      const plan = nearly({
        format: fc.constantFrom(1, 2),
        plan: nearly({
          taskId: word,
          paths: fc.array(nearly({ path: word, before: anything, after: anything })),
          checks: fc.array(check),
        }),
        machine: fc.constant('improvement'),
        machineVersion: fc.constantFrom(1, 2),
        taskId: fc.constant('si-1'),
        snapshot: nearly({ status: word, value: fc.oneof(word, deep), context: anything }),
      });
      const machine = { version: improvementMachineVersion, steps: {} };
      const expected = { file: 'x', taskId: 'si-1', machine };
      await fc.assert(
        fc.asyncProperty(fc.oneof(plan, anything), fc.nat(), async (value, at) => {
          const bytes = checked(value);
          if (bytes === null) return;
          // Every other time with a bit that is wrong.
          if (at % 2 === 1) bytes[at % bytes.length]! ^= 1;
          await decodePlan(bytes, 'x').catch(refuseOthers);
          onlyTyped(() => decodeEnvelope(bytes, expected));
        }),
        options,
      );
    },
    time,
  );
});

function refuseOthers(error: unknown): void {
  if (!(error instanceof MoultError)) throw error;
}

const image = fc.oneof(
  fc.constant({ kind: 'absent' }),
  fc.record({
    kind: fc.constant('file'),
    sha256: fc.constant('0'.repeat(64)),
    mode: fc.nat(),
    sizeBytes: fc.nat(),
  }),
  anything,
);
const body = fc.oneof(
  nearly({
    type: fc.constantFrom('intent', 'outcome', 'before-image', 'sealed', 'x'),
    index: fc.nat(3),
    path: word,
    anchor: word,
    before: image,
    after: image,
  }),
  anything,
);

/** A line with the checksum that belongs to it; nothing for what is no JSON. */
function whole(value: unknown): Buffer {
  const json = jsonOf(value);
  if (json === null) return Buffer.alloc(0);
  return Buffer.from(`${createHash('sha256').update(json).digest('hex').slice(0, 16)} ${json}\n`);
}

function checked(value: unknown): Buffer | null {
  return jsonOf(value) === null ? null : encodeChecked(value);
}

function jsonOf(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null;
  }
}

/** A file system with one file, the journal. */
function holding(bytes: Buffer): FileSystem {
  const handle = {
    stat: () => Promise.resolve({ isFile: () => true }),
    readFile: () => Promise.resolve(bytes),
    close: () => Promise.resolve(),
  };
  return { open: () => Promise.resolve(handle), readdir: () => Promise.resolve([]) } as unknown as FileSystem;
}
