import { whyUndelivered } from '../undelivered.js';
import type { DeliveryNotes } from './delivery-notes.js';

export interface SendingStep {
  /** Names it in the notes. */
  name: string;
  target: string;
  now: number;
  /** Answers how the other side calls what was sent. */
  send(): Promise<string>;
  /**
   * Looks for what may have arrived, begun at `since`; null where it is not there.
   *
   * @throws NOTICE_NOT_DELIVERED where nobody can know; with `retry: 'never'` it counts as arrived.
   */
  find(since: number): Promise<string | null>;
}

/** Sends something at most once, whenever the process is killed: what has no answer is looked for before it is sent again. */
export async function sendOnce(notes: DeliveryNotes, step: SendingStep): Promise<string> {
  const known = notes.sent(step.name) ?? (await found(notes, step));
  if (known !== undefined) return known;
  await notes.beginSending(step.name, step.now);
  try {
    const name = await step.send();
    await notes.wasSent(step.name, name);
    return name;
  } catch (error) {
    if (whyUndelivered(error, step.target).outcome === 'refused') await notes.forget(step.name);
    throw error;
  }
}

async function found(notes: DeliveryNotes, step: SendingStep): Promise<string | undefined> {
  const since = notes.sendingSince(step.name);
  if (since === undefined) return undefined;
  try {
    const name = await step.find(since);
    if (name === null) return undefined;
    await notes.wasSent(step.name, name);
    return name;
  } catch (error) {
    // The notice is given up, and the next one must not come to the same question.
    if (whyUndelivered(error, step.target).retry === 'never') await notes.forget(step.name);
    throw error;
  }
}
