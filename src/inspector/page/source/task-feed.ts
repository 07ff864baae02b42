import type { Chart } from '../../protocol/chart.js';
import type { Improvement } from '../../protocol/improvement.js';
import type { LiveMessage } from '../../protocol/live.js';
import type { TimelinePage } from '../../protocol/timeline.js';
import { Timeline } from '../moments/timeline.js';
import type { Connection, Source } from './source.js';

/** All that is known of one improvement, kept up to date. */
export interface TaskView {
  improvement: Improvement;
  timeline: Timeline;
  /** Those that could be had, the improvement's own first. */
  charts: Chart[];
  /** What is known of the sizes of the logs, by position of the check. */
  logBytes: ReadonlyMap<number, number>;
}

interface Options {
  source: Source;
  taskId: string;
  /** Something changed. Called at most once for each call of `schedule`. */
  onChange: (view: TaskView) => void;
  onConnection: (connection: Connection) => void;
  onFailure: (error: unknown) => void;
  /** Calls back soon: changes that come together are told together. */
  schedule: (tell: () => void) => void;
}

/** Fetches an improvement and follows it until `stop`. */
export class TaskFeed {
  readonly #options: Options;
  #timeline = new Timeline();
  #improvement: Improvement | null = null;
  readonly #charts = new Map<string, Chart>();
  #logBytes = new Map<number, number>();
  #server: string | null = null;
  #stopFollowing: (() => void) | null = null;
  #fetching = false;
  #isOutdated = false;
  #isScheduled = false;
  #isStopped = false;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    const { source, taskId, onConnection } = this.#options;
    this.#refresh();
    this.#stopFollowing = source.follow(taskId, {
      onMessage: (message) => this.#receive(message),
      onConnection: (connection) => {
        onConnection(connection);
        if (connection === 'report') void this.#readTimeline();
      },
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopFollowing?.();
  }

  /** Fetches the improvement again, as after an action. */
  refresh(): void {
    this.#refresh();
  }

  #receive(message: LiveMessage): void {
    const { taskId } = this.#options;
    if (message.type === 'hello') this.#greet(message.server);
    if (message.type === 'entries' && message.taskId === taskId) this.#timeline.add(message.entries);
    if (message.type === 'log' && message.taskId === taskId) {
      this.#logBytes = new Map(this.#logBytes).set(message.check, message.sizeBytes);
    }
    if (message.type === 'improvement' && message.taskId === taskId) this.#refresh();
    else this.#changed();
  }

  /** Another server may count its cursors in another way. */
  #greet(server: string): void {
    if (this.#server !== null && this.#server !== server) {
      this.#timeline = new Timeline();
      this.#givePaths();
      this.#refresh();
    }
    this.#server = server;
  }

  #refresh(): void {
    this.#isOutdated = true;
    if (!this.#fetching) void this.#fetchWhileOutdated();
  }

  /** A change that comes while it is being fetched is fetched too, but never more than one request is under way. */
  async #fetchWhileOutdated(): Promise<void> {
    const { source, taskId, onFailure } = this.#options;
    this.#fetching = true;
    try {
      while (this.#isOutdated && !this.#isStopped) {
        this.#isOutdated = false;
        const improvement = await source.get<Improvement>(`api/improvements/${taskId}`);
        await this.#fetchCharts(improvement.charts);
        this.#improvement = improvement;
        this.#givePaths();
        this.#changed();
      }
    } catch (error) {
      if (!this.#isStopped) onFailure(error);
    } finally {
      this.#fetching = false;
    }
  }

  async #fetchCharts(names: readonly string[]): Promise<void> {
    const missing = names.filter((name) => !this.#charts.has(name));
    for (const name of missing) {
      this.#charts.set(name, await this.#options.source.get<Chart>(`api/charts/${encodeURIComponent(name)}`));
    }
  }

  async #readTimeline(): Promise<void> {
    const { source, taskId, onFailure } = this.#options;
    try {
      const { entries } = await source.get<TimelinePage>(`api/improvements/${taskId}/timeline`);
      this.#timeline.add(entries);
      this.#changed();
    } catch (error) {
      onFailure(error);
    }
  }

  #givePaths(): void {
    this.#timeline.paths = new Map(this.#improvement?.files.map(({ path, index }) => [path, index]));
  }

  #changed(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.schedule(() => {
      this.#isScheduled = false;
      if (this.#improvement === null || this.#isStopped) return;
      this.#options.onChange({
        improvement: this.#improvement,
        timeline: this.#timeline,
        charts: [...this.#charts.values()],
        logBytes: this.#logBytes,
      });
    });
  }
}
