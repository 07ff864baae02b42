/** What Slack refuses of a message, in its words. After its documentation of Block Kit. */
export function slackProblem({ text, blocks = [] }: { text?: string; blocks?: Block[] }): string | null {
  if ((text ?? '') === '' && blocks.length === 0) return 'no_text';
  if ((text ?? '').length > 40_000) return 'msg_too_long';
  if (blocks.length > 50) return 'invalid_blocks';
  if (blocks.some((block) => !isValid(block))) return 'invalid_blocks';
  return lengthOf(blocks) > 12_000 ? 'msg_blocks_too_long' : null;
}

export interface Block {
  type: string;
  text?: Text;
  elements?: Element[];
  block_id?: string;
}
interface Text {
  type: string;
  text: string;
}
interface Element {
  type: string;
  text?: string | Text;
  name?: string;
  value?: string;
  action_id?: string;
  elements?: Element[];
}

function isValid({ type, text, elements = [] }: Block): boolean {
  switch (type) {
    case 'header':
      return text?.type === 'plain_text' && isFrom(1, text.text, 150);
    case 'section':
      return text !== undefined && isFrom(1, text.text, 3_000);
    case 'context':
      return (
        elements.length > 0 && elements.length <= 10 && elements.every(({ text: t }) => isFrom(1, t, 3_000))
      );
    case 'actions':
      return elements.length > 0 && elements.length <= 25 && elements.every(isButton);
    case 'rich_text':
      return elements.length > 0 && elements.every(isRich);
    default:
      return false;
  }
}

function isButton({ type, text, value, action_id }: Element): boolean {
  const words = (text as Text | undefined)?.text;
  return type === 'button' && isFrom(1, words, 75) && isFrom(0, value, 2_000) && isFrom(1, action_id, 255);
}

function isRich({ type, elements = [] }: Element): boolean {
  const isPart = (part: Element) =>
    part.type === 'emoji'
      ? /^[a-z0-9_+-]+$/.test(part.name ?? '')
      : part.type === 'text' && isFrom(1, part.text, 3_000);
  return (
    ['rich_text_section', 'rich_text_preformatted'].includes(type) &&
    elements.length > 0 &&
    elements.every(isPart)
  );
}

function isFrom(least: number, text: unknown, most: number): boolean {
  return typeof text === 'string' && text.length >= least && text.length <= most;
}

function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + lengthOf(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === 'text' && typeof item === 'string' ? item.length : lengthOf(item)),
    0,
  );
}
