import type { ProjectSource } from '../project/project-source.js';
import type { FileContents, History, Improvement } from '../protocol/improvement.js';
import { protocolVersion, type Json, type Report, type Session } from '../protocol/session.js';
import type { TimelineEntry, TimelinePage } from '../protocol/timeline.js';
import { packageVersion } from '../server/package-files.js';

/** A report that a browser opens in good time. */
const longestFilesCharacters = 16 * 1024 * 1024;

const noQuery = new URLSearchParams();

/** Everything that the page would ask for to show one improvement, by its address. */
export async function collectAnswers(source: ProjectSource, taskId: string): Promise<Report> {
  const at = `api/improvements/${taskId}`;
  const ask = async <Answer>(...address: string[]) =>
    (await source.answer(['improvements', taskId, ...address], noQuery)) as Answer;
  const improvement = await ask<Improvement>();
  const history = (await source.answer(['improvements'], noQuery)) as History;
  const session: Session = {
    ...{ protocol: protocolVersion, ...source.session, version: packageVersion, task: taskId },
    ...{ actionsAllowed: false, live: false },
  };
  const answers: Record<string, unknown> = {
    'api/session': session,
    'api/improvements': {
      ...history,
      improvements: history.improvements.filter((one) => one.taskId === taskId),
    },
    [at]: { ...improvement, actions: improvement.actions.map(off) },
    [`${at}/timeline`]: await wholeTimeline(source, taskId),
  };
  for (const id of improvement.charts) answers[`api/charts/${id}`] = await source.chart(id);
  let left = longestFilesCharacters;
  for (const { index } of improvement.files) {
    const contents = await ask<FileContents>('files', String(index));
    left -= charactersOf(contents);
    answers[`${at}/files/${index}`] = left > 0 ? contents : withoutText(contents);
  }
  for (const { index, logBytes } of improvement.checks)
    if (logBytes !== null) answers[`${at}/checks/${index}/log`] = await ask('checks', String(index), 'log');
  return { answers: answers as Record<string, Json> };
}

async function wholeTimeline(source: ProjectSource, taskId: string): Promise<TimelinePage> {
  const entries: TimelineEntry[] = [];
  for (let query = noQuery; ;) {
    const address = ['improvements', taskId, 'timeline'];
    const page = (await source.answer(address, query)) as TimelinePage;
    for (const entry of page.entries) entries.push(entry);
    if (!page.more) return { entries, cursor: page.cursor, more: false };
    query = new URLSearchParams({ after: page.cursor });
  }
}

function off(action: Improvement['actions'][number]): Improvement['actions'][number] {
  return { ...action, enabled: false, why: 'This is a report. Nothing can be done from here.' };
}

function charactersOf({ before, after }: FileContents): number {
  return [before, after].reduce((sum, side) => sum + (side.kind === 'text' ? side.text.length : 0), 0);
}

function withoutText(contents: FileContents): FileContents {
  const why = 'Left out of the report, which would be too long.';
  return { ...contents, before: { kind: 'unknown', why }, after: { kind: 'unknown', why } };
}
