import type * as Otel from '@opentelemetry/api';
import type { Attributes, Context, Span, SpanContext } from '@opentelemetry/api';
import type { CheckResult } from '../../../machines/improvement-types.js';
import type { Clock } from '../../ports/clock.js';
import type { FileSystem } from '../../ports/file-system.js';
import { replaceFileDurably } from '../../store/durable-file.js';
import { readStateFile } from '../../store/read-state-file.js';
import type { Standing } from '../milestones-between.js';
import type { ImprovementTrace, TracedTask } from './improvement-trace.js';
import { toSpanContext } from './span-context.js';

type Api = typeof Otel;

export interface TaskTraceOptions extends TracedTask {
  api: Promise<Api>;
  fileSystem: FileSystem;
  clock: Clock;
  /** Who asked for the improvement, where it is not the active span. */
  parent: SpanContext | null;
  /** Called with what nobody expected, once. */
  report: (error: unknown) => void;
}

interface Open {
  state: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** None for a state in which the improvement waits: another process may be the one that sees it end. */
  span: Span | null;
  checks: Map<string, Span>;
}

/**
 * The spans of one improvement in this process: one for each state, below it one for each check, all in one trace. Each
 * step is noted with its time and turned into spans later, so that nobody waits for the package.
 */
export class TaskTrace implements ImprovementTrace {
  private done: Promise<void> = Promise.resolve();
  private context: Context | null = null;
  private open: Open | null = null;
  private root: Span | null = null;

  /** @param found where an earlier process left it, and since when. */
  constructor(
    private readonly options: TaskTraceOptions,
    found: { state: string; since: number } | null,
  ) {
    if (found) this.open = { ...found, span: null, checks: new Map() };
  }

  entered({ state, context: { cause, failure } }: Standing): void {
    this.note(async (api, at) => {
      const context = await this.place(api, at);
      const isGivenUp =
        ['rolling_back', 'rollback_failed', 'cancelled'].includes(state) && cause !== 'requested';
      this.leave(api, context, at, isGivenUp ? (failure?.code ?? cause ?? undefined) : undefined);
      this.enter(api, context, at, state);
    });
  }

  checkStarted(name: string): void {
    this.note((api, at) => {
      if (!this.open?.span) return;
      const context = api.trace.setSpan(api.ROOT_CONTEXT, this.open.span);
      const span = this.tracer(api).startSpan(`check ${name}`, { startTime: at }, context);
      this.open.checks.set(name, span);
    });
  }

  checkFinished({ name, type, required, status, exitCode }: CheckResult): void {
    this.note((api, at) => {
      const span = this.open?.checks.get(name);
      if (!span) return;
      span.setAttributes({
        'moult.check.name': name,
        'moult.check.type': type,
        'moult.check.status': status,
      });
      span.setAttribute('moult.check.required', required);
      if (exitCode !== null) span.setAttribute('process.exit.code', exitCode);
      if (status !== 'passed') span.setStatus({ code: api.SpanStatusCode.ERROR, message: status });
      span.end(at);
      this.open!.checks.delete(name);
    });
  }

  /** Resolves when what happened so far is in the hands of the SDK. */
  async handedOver(): Promise<void> {
    await this.done;
  }

  private note(work: (api: Api, at: number) => void | Promise<void>): void {
    const at = this.options.clock.now();
    this.done = this.done
      .then(async () => work(await this.options.api, at))
      .catch((error: unknown) => this.options.report(error));
  }

  /** The trace of the improvement; begun here, unless an earlier process has. */
  private async place(api: Api, at: number): Promise<Context> {
    if (this.context) return this.context;
    const { parent, plan, file, fileSystem } = this.options;
    const known = await readPlace(fileSystem, file);
    if (known) return (this.context = api.trace.setSpanContext(api.ROOT_CONTEXT, known));
    const above = parent ? api.trace.setSpanContext(api.ROOT_CONTEXT, parent) : api.context.active();
    this.root = this.tracer(api).startSpan(
      'improvement',
      { startTime: at, attributes: attributesOf(plan) },
      above,
    );
    const { traceId, spanId, traceFlags } = this.root.spanContext();
    this.context = api.trace.setSpan(api.ROOT_CONTEXT, this.root);
    if (api.isSpanContextValid(this.root.spanContext()))
      await replaceFileDurably(
        fileSystem,
        file,
        Buffer.from(JSON.stringify({ traceId, spanId, traceFlags })),
      );
    return this.context;
  }

  private enter(api: Api, context: Context, at: number, state: string): void {
    const isResting = this.options.isResting(state);
    const span = isResting ? null : this.start(api, context, state, at);
    this.open = { state, since: at, span, checks: new Map() };
    if (!isResting) return;
    // Of a longer life of it nobody can tell: the process may end here.
    this.root?.end(at);
    this.root = null;
    if (!/^(completed|rolled_back|cancelled)$/.test(state)) return;
    this.start(api, context, state, at).end(at);
    this.open = null;
  }

  private leave(api: Api, context: Context, at: number, failure: string | undefined): void {
    if (!this.open) return;
    const { state, since, span = null, checks } = this.open;
    for (const check of checks.values()) check.end(at);
    const left = span ?? this.start(api, context, state, since);
    if (failure !== undefined) left.setStatus({ code: api.SpanStatusCode.ERROR, message: failure });
    left.end(at);
    this.open = null;
  }

  private start(api: Api, context: Context, state: string, startTime: number): Span {
    const attributes = { 'moult.task.id': this.options.plan.taskId, 'moult.state': state };
    return this.tracer(api).startSpan(state, { startTime, attributes }, context);
  }

  private tracer(api: Api) {
    return api.trace.getTracer('moult');
  }
}

function attributesOf({ taskId, digest, risk, paths }: TaskTraceOptions['plan']): Attributes {
  return {
    'moult.task.id': taskId,
    'moult.plan.digest': digest,
    'moult.risk': risk,
    'moult.files': paths.length,
  };
}

async function readPlace(fileSystem: FileSystem, file: string): Promise<SpanContext | null> {
  try {
    return toSpanContext(JSON.parse((await readStateFile(fileSystem, file)).toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
