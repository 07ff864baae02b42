import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FileChange, FileContents } from '../../protocol/improvement.js';
import { Badge } from '../elements/badge.js';
import { FailureNote } from '../elements/failure-note.js';
import { Segments } from '../elements/segments.js';
import type { FileStanding } from '../moments/moment.js';
import type { Source } from '../source/source.js';
import { useAnswer } from '../source/use-answer.js';
import { visible } from '../text/visible.js';
import { ContentsView, type ContentsMode } from './contents-view.js';
import { standingLook } from './standing-look.js';

interface Props {
  source: Source;
  address: string;
  file: FileChange;
  standing: FileStanding | undefined;
}

const modes: { name: ContentsMode; label: string }[] = [
  { name: 'split', label: 'Side by side' },
  { name: 'unified', label: 'Unified' },
  { name: 'before', label: 'Before' },
  { name: 'after', label: 'After' },
];
/** Two columns of code need this much. */
const narrow = '(max-width: 760px)';

/** One planned file: why it is risky, and what changes in it. */
export function FilePanel({ source, address, file, standing }: Props): JSX.Element {
  const [mode, setMode] = useState<ContentsMode>(matchMedia(narrow).matches ? 'unified' : 'split');
  const answer = useAnswer<FileContents>(source, address);
  const { text, ...look } = standingLook(standing);
  return (
    <section class="panel file-panel" aria-labelledby="file-title">
      <header class="panel-head wrap">
        <h2 id="file-title" class="mono file-title">
          {visible(file.path)}
        </h2>
        <Segments label="How to show it" choices={modes} chosen={mode} onChoose={setMode} />
      </header>
      <div class="file-facts">
        <Badge of={file.risk} text={`${file.risk} risk`} />
        <Badge of="" text={text} look={look} />
        {file.modeBefore !== file.modeAfter ? (
          <span class="muted">
            mode {file.modeBefore ?? 'none'} → {file.modeAfter ?? 'none'}
          </span>
        ) : null}
        {file.description === null ? null : <span>{visible(file.description)}</span>}
        {file.reasons.length === 0 ? null : (
          <ul class="reasons">
            {file.reasons.map((reason) => (
              <li key={reason}>{visible(reason)}</li>
            ))}
          </ul>
        )}
      </div>
      {answer.status === 'failed' ? <FailureNote error={answer.error} /> : null}
      {answer.status === 'waiting' ? <p class="empty">Reading …</p> : null}
      {answer.status === 'here' ? <ContentsView key={address} contents={answer.value} mode={mode} /> : null}
    </section>
  );
}
