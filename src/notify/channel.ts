import type { DeliveryNotes } from './outbox/delivery-notes.js';
import type { Notice } from './notifier.js';

/** One way to people, as Slack or a webhook. */
export interface Channel {
  /**
   * Delivers a notice. It may be called again with the same one: `notes` tell what was begun and what is done.
   *
   * @throws NOTICE_NOT_DELIVERED
   */
  deliver(delivery: Delivery): Promise<void>;
}

export interface Delivery {
  notice: Notice;
  /** Names the notice among those of its improvement; the same in every attempt. */
  key: string;
  notes: DeliveryNotes;
}
