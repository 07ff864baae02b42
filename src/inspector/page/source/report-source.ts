import type { Report } from '../../protocol/session.js';
import { RefusedError } from './refused-error.js';
import type { Source } from './source.js';

/** Answers out of a report that was written to one file. Nothing can be done there, and nothing changes. */
export function reportSource({ answers }: Report): Source {
  return {
    get: <Answer>(address: string) => {
      const [name = ''] = address.split('?');
      return Object.hasOwn(answers, name)
        ? Promise.resolve(answers[name] as Answer)
        : Promise.reject(notInReport());
    },
    post: () => Promise.reject(notInReport()),
    follow: (_task, { onConnection }) => {
      onConnection('report');
      return () => undefined;
    },
  };
}

function notInReport(): RefusedError {
  return new RefusedError({
    code: 'NOT_IN_REPORT',
    message: 'This is not in the report.',
    remedy: 'Open the improvement with `moult inspect`, where its state directory is.',
  });
}
