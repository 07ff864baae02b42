import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Improvement } from '../../protocol/improvement.js';
import type { Moment } from '../moments/moment.js';
import type { Source } from '../source/source.js';
import { FileList } from './file-list.js';
import { FilePanel } from './file-panel.js';

interface Props {
  source: Source;
  improvement: Improvement;
  moment: Moment;
}

/** What is planned, file by file. */
export function ChangeView({ source, improvement, moment }: Props): JSX.Element {
  const { files, taskId } = improvement;
  const [chosen, setChosen] = useState(files[0]?.index ?? -1);
  const file = files.find(({ index }) => index === chosen);
  return (
    <div class="split change-view">
      <FileList files={files} standings={moment.files} chosen={chosen} onChoose={setChosen} />
      {file ? (
        <FilePanel
          source={source}
          address={`api/improvements/${taskId}/files/${file.index}`}
          file={file}
          standing={moment.files.get(file.index)}
        />
      ) : (
        <section class="panel">
          <p class="empty">The plan touches no file.</p>
        </section>
      )}
    </div>
  );
}
