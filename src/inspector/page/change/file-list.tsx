import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { FileChange, Risk } from '../../protocol/improvement.js';
import { count } from '../../../wording/count.js';
import { OptionList } from '../list/option-list.js';
import type { FileStanding } from '../moments/moment.js';
import { FileRow } from './file-row.js';

interface Props {
  files: readonly FileChange[];
  standings: ReadonlyMap<number, FileStanding>;
  /** Position in the plan. */
  chosen: number;
  onChoose: (index: number) => void;
}

type RiskFilter = 'any' | Risk;

/** The planned files, filtered by path or reason and by risk. */
export function FileList({ files, standings, chosen, onChoose }: Props): JSX.Element {
  const [words, setWords] = useState('');
  const [risk, setRisk] = useState<RiskFilter>('any');
  const shown = useMemo(() => filterFiles(files, words, risk), [files, words, risk]);
  const byIndex = useMemo(() => new Map(shown.map(({ index }, position) => [index, position])), [shown]);
  return (
    <section class="panel files" aria-labelledby="files-title">
      <header class="panel-head">
        <h2 id="files-title">Files</h2>
        <span class="muted" role="status">
          {shown.length === files.length
            ? count(files.length, 'file')
            : `${shown.length} of ${count(files.length, 'file')}`}
        </span>
      </header>
      <div class="panel-tools">
        <input
          type="search"
          class="field grow"
          placeholder="Filter by path or reason"
          aria-label="Filter files"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <select
          class="field"
          aria-label="Risk"
          value={risk}
          onChange={(event) => setRisk(event.currentTarget.value as RiskFilter)}
        >
          <option value="any">Any risk</option>
          <option value="critical">Critical</option>
          <option value="high">High</option>
          <option value="medium">Medium</option>
          <option value="low">Low</option>
        </select>
      </div>
      <OptionList
        id="files"
        label="Files of the plan"
        count={shown.length}
        rowHeight={46}
        chosen={byIndex.get(chosen) ?? -1}
        onChoose={(position) => onChoose(shown[position]!.index)}
        empty="No file fits."
        option={(position) => (
          <FileRow file={shown[position]!} standing={standings.get(shown[position]!.index)} />
        )}
      />
    </section>
  );
}

function filterFiles(files: readonly FileChange[], words: string, risk: RiskFilter): FileChange[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return files.filter((file) => {
    if (risk !== 'any' && file.risk !== risk) return false;
    const text = [file.path, file.description ?? '', ...file.reasons].join('\n').toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
