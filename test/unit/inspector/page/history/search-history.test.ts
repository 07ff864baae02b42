import { expect, it } from 'vitest';
import { searchHistory } from '../../../../../src/inspector/page/history/search-history.js';
import type { HistoryEntry } from '../../../../../src/inspector/protocol/improvement.js';

const entry = (taskId: string, description: string, status: string): HistoryEntry => ({
  taskId,
  description,
  status,
  state: status,
  activity: 'ended',
  risk: 'low',
  fileCount: 1,
  createdAt: '',
  updatedAt: '',
});
const all = [
  entry('si-1', 'Retry the upload', 'completed'),
  entry('si-2', 'Upload in parts', 'rolled_back'),
  entry('si-3', 'Rename', 'planning'),
];
const found = (...search: [string, Parameters<typeof searchHistory>[2]]) =>
  searchHistory(all, ...search).map(({ taskId }) => taskId);

it('finds what has every word, whatever the case and the order', () => {
  expect(found('UPLOAD retry', 'any')).toEqual(['si-1']);
  expect(found('upload', 'any')).toEqual(['si-1', 'si-2']);
  expect(found('si-3', 'any')).toEqual(['si-3']);
});

it('finds by how it ended', () => {
  expect(found('', 'rolled_back')).toEqual(['si-2']);
  expect(found('', 'open')).toEqual(['si-3']);
});
