import { expect, test } from 'vitest';
import { changesWithoutContent } from '../../../src/plan/changes-without-content.js';

test('names creations and modifications that say nothing about the content', () => {
  const changes = [
    { file: 'create', type: 'create' as const },
    { file: 'create-mode', type: 'create' as const, mode: '755' },
    { file: 'modify', type: 'modify' as const, content: undefined },
    { file: 'modify-mode', type: 'modify' as const, mode: '755' },
    { file: 'delete', type: 'delete' as const },
    { file: 'content', type: 'create' as const, content: '' },
    { file: 'base64', type: 'create' as const, contentBase64: '' },
    { file: 'edits', type: 'modify' as const, edits: [{ oldText: 'a', newText: 'b' }] },
    { file: 'patch', type: 'modify' as const, patch: 'p' },
    { file: 'symlink', type: 'create' as const, symlink: 'a' },
  ];
  expect(changesWithoutContent({ changes })).toEqual(['create', 'create-mode', 'modify']);
});
