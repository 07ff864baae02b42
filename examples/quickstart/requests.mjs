/** What judges: the real type check of the project, and the real tests of the module that is changed. */
export const checks = [
  { name: 'Type check', type: 'build', command: 'tsc --noEmit', required: true },
  {
    name: 'Unit tests of glob',
    type: 'test',
    command: 'vitest run --no-cache --configLoader runner test/unit/plan/glob',
    required: true,
  },
];

const newTest = `import { expect, test } from 'vitest';
import { globMatcher } from '../../../src/plan/glob-matcher.js';

test('a pattern is the same with and without dots for the folder itself', () => {
  expect(globMatcher(['./src/./plan'])('src/plan/glob-matcher.ts')).toBe(true);
});
`;

/** One file changed, one created. */
export const goodRequest = {
  description: 'glob: say more plainly which components do not count, and test it',
  targetFiles: ['src/plan/glob-matcher.ts'],
  changes: [
    {
      file: 'src/plan/glob-matcher.ts',
      type: 'modify',
      edits: [
        { oldText: "component !== '' && component !== '.'", newText: "!['', '.'].includes(component)" },
      ],
    },
    { file: 'test/unit/plan/glob-dots.test.ts', type: 'create', content: newTest },
  ],
  requiresRestart: false,
};

/**
 * A change of every kind: a type error, a line of somebody's uncommitted work, a new file in new folders, a deletion. A
 * new one each time: a request is what somebody sends, and not shared.
 */
export function requestThatBreaksTheBuild() {
  return {
    description: 'glob: answer in words',
    targetFiles: ['src/plan/glob-matcher.ts'],
    changes: [
      {
        file: 'src/plan/glob-matcher.ts',
        type: 'modify',
        edits: [
          {
            oldText: 'return compiled.some(',
            newText: "return compiled.length === 0 ? 'no' : compiled.some(",
          },
        ],
      },
      {
        file: 'README.md',
        type: 'modify',
        edits: [
          { oldText: 'A line that nobody has committed.', newText: 'A line that somebody else wrote.' },
        ],
      },
      { file: 'new/folders/answer.txt', type: 'create', content: 'yes\n', mode: '0755' },
      { file: 'test/unit/plan/glob-dots.test.ts', type: 'delete' },
    ],
    requiresRestart: false,
  };
}
