import { deepStrictEqual, ok } from 'node:assert/strict';
import type { Notice, Notifier } from '../../notify/notifier.js';
import { casesOf, type Subject } from './cases-of.js';
import type { ContractCase } from './contract-case.js';

export interface NotifierSubject extends Subject {
  notifier: Notifier;
  /** The texts that people got, in order, once everything that was told has been delivered. */
  delivered(): Promise<readonly string[]> | readonly string[];
}

interface Words extends Partial<Pick<Notice, 'title' | 'milestone' | 'urgency'>> {
  body?: string;
}

function notice({ body = 'Target files: 1', ...words }: Words = {}): Notice {
  const description = 'Greet everybody';
  return {
    type: 'alert',
    milestone: 'planned',
    taskId: 'si-1',
    title: 'Self-Improvement Planned',
    message: `:wrench: *${description}*\n\n${body}`,
    urgency: 'normal',
    timestamp: '2026-01-02T03:04:05.000Z',
    parts: { emoji: 'wrench', description, body },
    about: {
      planDigest: 'c0ffee',
      risk: 'low',
      files: ['src/a.ts'],
      fileCount: 1,
      waitsForApproval: false,
      checks: [],
      log: null,
    },
    ...words,
  };
}

const steps = ['planned', 'started', 'applied', 'completed'] as const;

const cases: Record<string, (subject: NotifierSubject) => Promise<void>> = {
  'delivers title and text': async (subject) => {
    await subject.notifier.notify(notice());
    const [text = '', ...others] = await subject.delivered();
    deepStrictEqual(others, []);
    for (const words of ['Self-Improvement Planned', 'Greet everybody', 'Target files: 1'])
      ok(text.includes(words), `${JSON.stringify(text)} does not say ${words}`);
  },
  'delivers in the order of the steps': async (subject) => {
    await Promise.all(
      steps.map(async (milestone) =>
        subject.notifier.notify(notice({ milestone, title: `Step ${milestone}` })),
      ),
    );
    const order = (await subject.delivered()).map((text) =>
      steps.find((step) => text.includes(`Step ${step}`)),
    );
    deepStrictEqual(order, [...steps]);
  },
  'delivers what nobody waits for': async (subject) => {
    void subject.notifier.notify(notice({ title: 'Not waited for' }));
    ok((await subject.delivered()).some((text) => text.includes('Not waited for')));
  },
  'delivers a message of any length': async (subject) => {
    await subject.notifier.notify(notice({ title: 'A long one', body: 'x'.repeat(200_000) }));
    ok((await subject.delivered()).some((text) => text.includes('A long one')));
  },
  'delivers odd characters': async (subject) => {
    await subject.notifier.notify(
      notice({ title: 'Odd', body: 'null \0, half \ud800, right \u202e to left, <b>&amp;' }),
    );
    ok((await subject.delivered()).some((text) => text.includes('Odd')));
  },
  'tells urgent notices apart from no one': async (subject) => {
    const urgencies = ['low', 'normal', 'high', 'critical'] as const;
    for (const urgency of urgencies)
      await subject.notifier.notify(notice({ urgency, title: `It is ${urgency}` }));
    const texts = await subject.delivered();
    for (const urgency of urgencies)
      ok(
        texts.some((text) => text.includes(`It is ${urgency}`)),
        urgency,
      );
  },
  'leaves the notice as it was': async (subject) => {
    const told = notice();
    await subject.notifier.notify(told);
    await subject.delivered();
    deepStrictEqual(told, notice());
  },
};

/** What a notifier must do to be of use to people: everything arrives, once, in order. */
export function notifierContract(make: () => Promise<NotifierSubject> | NotifierSubject): ContractCase[] {
  return casesOf(make, cases);
}
