import type { Journal } from '../store/journal.js';
import type { BeforeImage } from '../workspace/take-before-image.js';

/** How each before-image was taken, by position in the plan; the last word of the journal counts. */
export function beforeImages(journal: Journal): Map<number, BeforeImage> {
  return new Map(
    journal
      .of('before-image')
      .map(({ index, how, inode, modifiedNs }) => [index, { how, inode, modifiedNs }]),
  );
}
