import type { ContextBlock, HeaderBlock, KnownBlock, RichTextBlock, RichTextElement } from '@slack/types';
import type { Notice } from '../notifier.js';
import { cut, cutFront, escaped, seemly } from './slack-text.js';

/** A message as every method of Slack takes it. */
export interface SlackContent {
  /** For notifications, and where blocks cannot be shown. */
  text: string;
  blocks: KnownBlock[];
}

/**
 * What Slack takes at most. A message as a whole must stay well below 12,000 characters of text in its blocks; the parts
 * here come to less than 8,000.
 */
const max = {
  header: 150,
  description: 600,
  /** A section may have 3,000, and rich text is no better off. */
  body: 2_000,
  log: 2_500,
  files: 1_500,
  /** Of 40,000, before what is escaped takes up to five times as much. */
  text: 3_000,
};

/** The text alone: what is left where Slack does not take the blocks. */
export function plainContent(notice: Notice): SlackContent {
  const { title, message } = notice;
  return { text: escaped(cut(seemly(`${title}\n${message}`), max.text)), blocks: [] };
}

/** The message that shows where an improvement stands. */
export function cardContent(
  notice: Notice,
  { told, buttons }: { told: readonly string[]; buttons: boolean },
): SlackContent {
  const blocks: KnownBlock[] = [
    header(notice.title),
    storyOf(notice),
    context(`\`${notice.taskId}\` · risk: ${notice.about.risk}`, wayOf([...told, notice.milestone])),
  ];
  if (buttons && notice.about.waitsForApproval) blocks.push(decisionButtons(notice));
  return { text: plainContent(notice).text, blocks };
}

/** The details of one step. */
export function detailContent(notice: Notice): SlackContent {
  const { about, title } = notice;
  const blocks: KnownBlock[] = [storyOf(notice, title)];
  if (notice.milestone === 'planned')
    blocks.push(...verbatim(cut(seemly(about.files.join('\n')), max.files)));
  if (about.log) blocks.push(...verbatim(cutFront(seemly(about.log.tail).trimEnd(), max.log)));
  return { text: plainContent(notice).text, blocks };
}

/** Everything about one step in one message. */
export function wholeContent(notice: Notice, { buttons }: { buttons: boolean }): SlackContent {
  const { blocks } = detailContent(notice);
  const whole = [
    header(notice.title),
    ...blocks,
    context(`\`${notice.taskId}\` · risk: ${notice.about.risk}`),
  ];
  if (buttons && notice.about.waitsForApproval) whole.push(decisionButtons(notice, 'itself'));
  return { text: plainContent(notice).text, blocks: whole };
}

function header(title: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: cut(seemly(title), max.header), emoji: false } };
}

/** Rich text is taken as it is: no word of a model becomes markup, a link or a call for somebody. */
function storyOf({ parts }: Notice, title?: string): RichTextBlock {
  const elements: RichTextElement[] = [
    { type: 'emoji', name: parts.emoji },
    ...written(' '),
    ...(title === undefined ? [] : written(`${cut(seemly(title), max.header)}\n`)),
    ...written(cut(seemly(parts.description), max.description), true),
    ...linesOf(cut(seemly(parts.body), max.body)),
  ];
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function linesOf(body: string): RichTextElement[] {
  if (body.trim() === '') return [];
  return body.split('\n').flatMap((line, index) => {
    const [, emoji, rest = line] = /^:([a-z0-9_]+):(.*)$/.exec(line) ?? [];
    const before = written(index === 0 ? '\n\n' : '\n');
    return [
      ...before,
      ...(emoji === undefined ? [] : [{ type: 'emoji', name: emoji } as const]),
      ...written(rest),
    ];
  });
}

/** Slack refuses elements without text. */
function written(text: string, bold = false): RichTextElement[] {
  if (text === '') return [];
  return [{ type: 'text', text, ...(bold ? { style: { bold } } : {}) }];
}

function verbatim(text: string): RichTextBlock[] {
  if (text.trim() === '') return [];
  const elements = [{ type: 'text' as const, text }];
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] }];
}

/** Of our own words only: this is parsed. */
function context(...texts: string[]): ContextBlock {
  return { type: 'context', elements: texts.map((text) => ({ type: 'mrkdwn', text, verbatim: true })) };
}

const steps: Record<string, string> = {
  planned: 'Planned',
  approved: 'Approved',
  started: 'Started',
  applied: 'Applied',
  completed: 'Completed',
  failed: 'Failed',
  rolled_back: 'Rolled back',
  cancelled: 'Cancelled',
  rollback_failed: 'Rollback failed',
  restart_scheduled: 'Restart scheduled',
  confirmed: 'Confirmed',
};

/** How the improvement came to where it stands. Checks are in the thread. */
function wayOf(keys: readonly string[]): string {
  const known = [...new Set(keys)].filter((key) => !key.startsWith('check_finished'));
  return known.map((key) => steps[key] ?? key.replaceAll('_', ' ')).join(' › ') || 'Checked';
}

/** The names by which `slackInteractions` knows its buttons. */
export const decisionActions = { approve: 'moult_approve', reject: 'moult_reject' } as const;

/**
 * @param shownIn `itself`: nobody updates the message later, so that whoever takes the click has to.
 */
function decisionButtons({ taskId, about }: Notice, shownIn: 'thread' | 'itself' = 'thread'): KnownBlock {
  const value = JSON.stringify({ task: taskId, plan: about.planDigest, shownIn });
  const button = (text: string, name: string, style: 'primary' | 'danger') => ({
    type: 'button' as const,
    text: { type: 'plain_text' as const, text, emoji: false },
    action_id: name,
    value,
    style,
  });
  return {
    type: 'actions',
    elements: [
      button('Approve', decisionActions.approve, 'primary'),
      button('Reject', decisionActions.reject, 'danger'),
    ],
  };
}
