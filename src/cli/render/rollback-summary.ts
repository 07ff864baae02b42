import type { RollbackReport } from '../../../machines/improvement-types.js';
import { count } from '../../wording/count.js';
import { shortPath } from './short-path.js';
import { visibleLine } from '../../wording/visible.js';

/** What a rollback left: that every file is back, and where somebody's own bytes are. */
export function rollbackSummary(report: RollbackReport | null, cwd: string): string[] {
  if (!report) return ['No file was touched.'];
  return [
    opening(report),
    ...report.kept.map((path) => `  left as somebody else made it: ${visibleLine(path)}`),
    ...report.displaced.map(
      ({ path, savedAt }) =>
        `  somebody else's version of ${visibleLine(path)} was moved to ${shortPath(savedAt, cwd)}`,
    ),
  ];
}

function opening({ restored, kept, failed }: RollbackReport): string {
  const back = `${count(restored.length, 'file')} put back`;
  if (failed.length > 0) return `${back}, ${failed.length} not:`;
  if (restored.length === 0 && kept.length === 0) return 'No file was changed, so none had to be put back.';
  return kept.length === 0
    ? `Every file is as it was before: ${back}.`
    : `${back}; the rest is as it was before.`;
}
