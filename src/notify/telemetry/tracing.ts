import type * as Otel from '@opentelemetry/api';
import type { Clock } from '../../ports/clock.js';
import type { FileSystem } from '../../ports/file-system.js';
import type { Logger } from '../../ports/logger.js';
import { undelivered } from '../undelivered.js';
import { loadPeer } from '../load-peer.js';
import { fromTraceparent } from './span-context.js';
import type { ImprovementTrace, TracedTask } from './improvement-trace.js';
import { TaskTrace } from './task-trace.js';

type Api = typeof Otel;

export interface TracingOptions {
  fileSystem: FileSystem;
  clock: Clock;
  logger: Logger;
  /** The W3C `traceparent` of who asks just now. */
  traceparent: () => string | undefined;
}

/** Spans for the OpenTelemetry SDK that the host has set up. Without one they go nowhere. */
export class Tracing {
  private loading: Promise<Api> | null = null;
  private readonly traces = new Set<TaskTrace>();
  private isReported = false;

  constructor(private readonly options: TracingOptions) {}

  /** @param found where an earlier process left the improvement. */
  follow(task: TracedTask, found: { state: string; since: number } | null): ImprovementTrace {
    const { fileSystem, clock, traceparent } = this.options;
    const trace = new TaskTrace(
      {
        ...{ ...task, fileSystem, clock, api: this.load() },
        parent: fromTraceparent(traceparent()),
        report: (error) => this.report(error),
      },
      found,
    );
    this.traces.add(trace);
    return trace;
  }

  /** Waits until the SDK has taken everything, and has it sent. */
  async flush(): Promise<void> {
    if (!this.loading) return;
    await Promise.all([...this.traces].map((trace) => trace.handedOver()));
    try {
      await flushSdk(await this.loading);
    } catch (error) {
      this.report(error);
    }
  }

  /** Makes a span. @throws NOTICE_PACKAGE_MISSING; NOTICE_NOT_DELIVERED where no SDK takes it. */
  async test(): Promise<void> {
    const api = await this.load();
    const span = api.trace.getTracer('moult').startSpan('moult notify test');
    const isTaken = span.isRecording();
    span.end();
    const reason =
      'no SDK is set up in this process, or it takes no sample; start it with --import, for example';
    if (!isTaken)
      throw undelivered({ target: 'OpenTelemetry', reason, outcome: 'refused', retry: 'once-mended' });
    await flushSdk(api);
  }

  private load(): Promise<Api> {
    this.loading ??= loadPeer(
      '@opentelemetry/api',
      'notify.openTelemetry',
      () => import('@opentelemetry/api'),
    );
    // Each trace reports it, and none may be left without somebody who does.
    this.loading.catch(() => undefined);
    return this.loading;
  }

  private report(error: unknown): void {
    if (this.isReported) return;
    this.isReported = true;
    const words = error instanceof Error ? error.message : String(error);
    this.options.logger.warn(`[moult] OpenTelemetry: ${words}`);
  }
}

/** What the API hands out stands for the provider of the SDK, which alone can do it. */
async function flushSdk({ trace }: Api): Promise<void> {
  interface Flushing {
    getDelegate?: () => Flushing;
    forceFlush?: () => Promise<void>;
  }
  const provider = trace.getTracerProvider() as Flushing;
  const sdk = provider.getDelegate?.() ?? provider;
  await sdk.forceFlush?.();
}
