import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../../src/notify/notifier.js';
import {
  cardContent,
  detailContent,
  plainContent,
  wholeContent,
  type SlackContent,
} from '../../../../src/notify/slack/slack-blocks.js';
import { cut, cutFront, escaped, seemly } from '../../../../src/notify/slack/slack-text.js';
import { slackProblem, type Block } from '../../../support/slack-limits.js';

function noticeOf(words: {
  title?: string;
  description?: string;
  body?: string;
  tail?: string;
  files?: string[];
}): Notice {
  const { title = 'Self-Improvement Failed', description = 'd', body = 'b', tail, files = ['a'] } = words;
  return {
    type: 'alert',
    milestone: 'planned',
    taskId: 'si-1700000000000',
    title,
    message: `:x: *${description}*\n\n${body}`,
    urgency: 'high',
    timestamp: '2026-01-02T03:04:05.000Z',
    parts: { emoji: 'x', description, body },
    about: {
      planDigest: 'a'.repeat(64),
      ...{ risk: 'low', files, fileCount: files.length, waitsForApproval: true, checks: [] },
      log: tail === undefined ? null : { check: 'Tests', tail, path: null },
    },
  };
}

const contents = (notice: Notice): SlackContent[] => [
  cardContent(notice, { told: ['planned', 'check_finished:x'], buttons: true }),
  detailContent(notice),
  wholeContent(notice, { buttons: true }),
  plainContent(notice),
];
const problem = ({ text, blocks }: SlackContent) =>
  slackProblem({ text, blocks: blocks as unknown as Block[] });

describe('whatever the words, Slack takes the message', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      '',
      ' ',
      '\n',
      '\u001b[31m',
      '\ud83d',
      'x'.repeat(5_000),
      '&'.repeat(50_000),
      '😀'.repeat(4_000),
      ':warning: y\n'.repeat(900),
    ),
  );

  it('of any kind and length', () => {
    fc.assert(
      fc.property(
        text,
        text,
        text,
        text,
        fc.array(text, { maxLength: 200 }),
        (title, description, body, tail, files) => {
          for (const content of contents(noticeOf({ title: `T${title}`, description, body, tail, files })))
            expect(problem(content)).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('and the end of a long log is what is kept', () => {
    const tail = Array.from({ length: 9_000 }, (_, line) => `line ${line}`).join('\n');
    expect(JSON.stringify(detailContent(noticeOf({ tail })).blocks)).toContain('line 8999');
  });
});

describe('text', () => {
  it('is cut to whole characters', () => {
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcd', 3)).toBe('ab…');
    expect(cut('a😀b', 3)).toBe('a…');
    expect(cutFront('a\nb\ncdef', 6)).toBe('…cdef');
    expect(cutFront('b😀', 2)).toBe('…');
  });

  it('loses what hides or turns text around', () => {
    expect(seemly('a\u001b[31mb\u202ec\u0000d\r\ne\ud800f\tg')).toBe('abcd\nef\tg');
  });

  it('calls nobody', () => {
    expect(escaped('<!here> @channel & @Everyone')).toBe(
      '&lt;!here&gt; @\u200bchannel &amp; @\u200bEveryone',
    );
  });
});
