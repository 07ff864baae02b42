import { expect, it } from 'vitest';
import { reportSource } from '../../../../../src/inspector/page/source/report-source.js';

const source = reportSource({ answers: { 'api/session': { title: 'x' } } });

it('answers what is in the report, whatever the query', async () => {
  expect(await source.get('api/session?x=1')).toEqual({ title: 'x' });
});

it('refuses everything else, with what helps', async () => {
  const refusal = { code: 'NOT_IN_REPORT', remedy: expect.stringContaining('moult inspect') as string };
  await expect(source.get('api/other')).rejects.toMatchObject(refusal);
  await expect(source.get('constructor')).rejects.toMatchObject(refusal);
  await expect(source.post('api/session', {})).rejects.toMatchObject(refusal);
});
