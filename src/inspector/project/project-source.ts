import * as path from 'node:path';
import { improvementMachine } from '../../../machines/improvement-machine.js';
import { restartMachine } from '../../../machines/restart-machine.js';
import { MoultError } from '../../errors/moult-error.js';
import type { SelfImprovementService } from '../../self-improvement-service.js';
import type { ProjectView } from '../../service/project-view.js';
import { builtInCharts } from '../chart/built-in-charts.js';
import { ChartCache } from '../chart/chart-cache.js';
import type { Chart } from '../protocol/chart.js';
import type { FileContents, Improvement, LogPage } from '../protocol/improvement.js';
import type { ActionAnswer } from '../protocol/live.js';
import type { Json, Session } from '../protocol/session.js';
import type { TimelinePage } from '../protocol/timeline.js';
import type { Send, Source } from '../source.js';
import { actOnImprovement } from './act-on-improvement.js';
import { checkLogs } from './check-logs.js';
import { fileContents } from './file-contents.js';
import { followProject } from './follow-project.js';
import { historyEntry } from './history-entry.js';
import { improvementView } from './improvement-view.js';
import { logPage } from './log-page.js';
import { ProjectReader, timelineOf } from './project-reader.js';
import { timelinePage } from './timeline-page.js';

export interface ProjectSourceOptions {
  view: ProjectView;
  /** Carries out the actions; null where there are none. */
  service: SelfImprovementService | null;
  /** Who acts. */
  by: string;
  /** The improvement to begin with. */
  task: string | null;
}

/** The improvements of a project. */
export class ProjectSource implements Source {
  readonly session: Pick<Session, 'mode' | 'title' | 'task'>;
  readonly reader: ProjectReader;
  private readonly charts = new ChartCache([improvementMachine, restartMachine], builtInCharts);

  constructor(private readonly options: ProjectSourceOptions) {
    const { view, task } = options;
    this.reader = new ProjectReader(view);
    const title = path.basename(view.project?.root ?? view.stateDirectory);
    this.session = { mode: 'project', title, task };
  }

  chart(id: string): Promise<Chart> {
    return this.charts.chart(id);
  }

  async answer(address: readonly string[], query: URLSearchParams): Promise<unknown> {
    const { masker } = this.options.view;
    const [root, taskId, part, index, sub] = address;
    if (root !== 'improvements') throw unknown(address);
    if (taskId === undefined) return masker.maskJsonValues(await this.reader.history());
    switch (address.slice(2).length === 0 ? 'whole' : [part, sub].filter(Boolean).join('/')) {
      case 'whole':
        return masker.maskJsonValues(await this.improvement(taskId));
      case 'files':
        return masker.maskJson(await this.file(taskId, numberOf(index)));
      case 'timeline':
        return masker.maskJsonValues(await this.timeline(taskId, query.get('after')));
      case 'checks/log':
        return masker.maskJson(await this.log(taskId, numberOf(index), query.get('from')));
      default:
        throw unknown(address);
    }
  }

  act([root, taskId, part, action, ...rest]: readonly string[], body: Json): Promise<ActionAnswer> {
    const { service, by } = this.options;
    if (root !== 'improvements' || part !== 'actions' || !taskId || !action || rest.length > 0)
      throw unknown([root ?? '', taskId ?? '', part ?? '', action ?? '']);
    const reason = this.offReason();
    if (service === null || reason !== null)
      throw new MoultError('ACTIONS_OFF', { reason: reason ?? 'there is no project' });
    return actOnImprovement(service, { taskId, action, body, by });
  }

  follow(
    wanted: { task: string | null; after: string | null },
    send: Send,
    signal: AbortSignal,
  ): Promise<void> {
    return followProject(this.reader, wanted, send, signal);
  }

  private async improvement(taskId: string): Promise<Improvement> {
    const found = await this.reader.record(taskId);
    const { record } = found;
    return improvementView({
      record,
      entry: historyEntry(record, await this.reader.lockIsHeld()),
      checks: await this.reader.checks(found),
      offReason: this.offReason(),
    });
  }

  private async file(taskId: string, index: number): Promise<FileContents> {
    const { folder, record } = await this.reader.record(taskId);
    const { plan } = record;
    if (plan.paths[index] === undefined) throw new MoultError('INSPECTOR_UNKNOWN', { what: `file ${index}` });
    return fileContents(this.options.view, { folder, plan, index });
  }

  private async timeline(taskId: string, after: string | null): Promise<TimelinePage> {
    const { folder, record } = await this.reader.record(taskId);
    return timelinePage(this.options.view.fileSystem, timelineOf(folder, record), after);
  }

  private async log(taskId: string, check: number, from: string | null): Promise<LogPage> {
    const { folder } = await this.reader.record(taskId);
    const log = (await checkLogs(this.options.view, folder)).find((one) => one.check === check);
    if (!log) throw new MoultError('INSPECTOR_UNKNOWN', { what: `log of check ${check}` });
    return logPage(this.options.view.fileSystem, log.file, from === null ? null : numberOf(from));
  }

  private offReason(): string | null {
    const { service, view } = this.options;
    if (view.project === null) return 'this is a state directory by itself, without its project';
    return service === null ? 'the inspector was started without --allow-actions' : null;
  }
}

/** @throws INSPECTOR_UNKNOWN */
function numberOf(text: string | undefined): number {
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  throw new MoultError('INSPECTOR_UNKNOWN', { what: JSON.stringify(text ?? '') });
}

function unknown(address: readonly string[]): MoultError {
  return new MoultError('INSPECTOR_UNKNOWN', { what: JSON.stringify(address.join('/')) });
}
