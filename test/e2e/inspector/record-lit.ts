import type { Page } from 'playwright-core';

/** Which states have been lit, in the order in which they were. */
export async function recordLit(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`
    window.lit = [];
    const look = () => {
      const node = document.querySelector('.node.current')?.dataset.node;
      if (node && window.lit.at(-1) !== node) window.lit.push(node);
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  `);
  return () => page.evaluate<string[]>('window.lit');
}
