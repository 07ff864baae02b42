import { context, trace, SpanStatusCode } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CollectingLogger } from './support/collecting-logger.js';
import { failing, passing, testProject, type TestProject } from './support/project.js';
import { change } from './support/slack-project.js';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);
beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  context.disable();
});

const traced = (project: TestProject, checks: object[] = passing, options: object = {}) =>
  project.service({ config: { checks, notify: { openTelemetry: true } }, ...options });
const spans = () => exporter.getFinishedSpans();
const named = (name: string) => spans().find((span) => span.name === name)!;

describe('an improvement is one trace', () => {
  test('with a span for each state, and one for each check below its state', async () => {
    const project = await testProject();
    const service = traced(project);
    const taskId = await service.planImprovement(change);
    await service.executeImprovement();
    await service.flushNotices();
    expect(
      spans()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      [
        ...['improvement', 'planning.assessing', 'planning.ready', 'implementing.backing_up', 'check passes'],
        ...[
          'implementing.checkpointing',
          'implementing.applying',
          'testing.running_checks',
          'testing.sealing',
        ],
        'completed',
      ].sort(),
    );
    expect(new Set(spans().map((span) => span.spanContext().traceId)).size).toBe(1);
    const root = named('improvement').spanContext().spanId;
    for (const span of spans().filter(({ name }) => !/^(improvement|check)/.test(name))) {
      expect(span.parentSpanContext?.spanId).toBe(root);
      expect(span.attributes).toEqual({ 'moult.task.id': taskId, 'moult.state': span.name });
    }
    expect(named('check passes').parentSpanContext?.spanId).toBe(
      named('testing.running_checks').spanContext().spanId,
    );
    expect(named('check passes').attributes).toMatchObject({
      'moult.check.status': 'passed',
      'process.exit.code': 0,
    });
    expect(named('improvement').attributes).toMatchObject({ 'moult.task.id': taskId, 'moult.files': 1 });
  });

  test('across processes: each has its own, in the same trace; waiting is as long as it was', async () => {
    const project = await testProject();
    await traced(project).planImprovement(change);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const service = traced(project);
    await service.executeImprovement();
    await service.flushNotices();
    expect(new Set(spans().map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(spans().filter(({ name }) => name === 'improvement')).toHaveLength(1);
    const [seconds, nanos] = named('planning.ready').duration;
    expect(seconds * 1000 + nanos / 1e6).toBeGreaterThan(250);
  });

  test('a failure is an error of the state it happened in, and of its check', async () => {
    const project = await testProject();
    const service = traced(project, failing);
    await service.planImprovement(change);
    await service.executeImprovement();
    await service.flushNotices();
    expect(named('check fails').status.code).toBe(SpanStatusCode.ERROR);
    expect(named('testing.running_checks').status).toMatchObject({
      code: SpanStatusCode.ERROR,
      message: 'checks_failed',
    });
    expect(named('rolling_back').status.code).toBe(SpanStatusCode.UNSET);
    expect(named('rolled_back')).toBeDefined();
  });

  test('below the span of who asked, where there is one', async () => {
    const project = await testProject();
    const traceparent = () => '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const service = traced(project, passing, { traceparent });
    await service.planImprovement(change);
    await service.flushNotices();
    expect(named('improvement').spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(named('improvement').parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  });

  test.each([
    '',
    'nonsense',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ])('a traceparent that is none is left alone: %j', async (traceparent) => {
    const project = await testProject();
    const service = traced(project, passing, { traceparent: () => traceparent });
    await service.planImprovement(change);
    await service.flushNotices();
    expect(named('improvement').parentSpanContext).toBeUndefined();
  });
});

test('it is off until it is configured', async () => {
  const project = await testProject();
  const service = project.service({ config: { checks: passing } });
  await service.planImprovement(change);
  await service.executeImprovement();
  await service.flushNotices();
  expect(spans()).toEqual([]);
});

test('an SDK that throws changes nothing, and is mentioned once', async () => {
  const project = await testProject();
  const logger = new CollectingLogger();
  trace.disable();
  trace.setGlobalTracerProvider({
    getTracer: () => {
      throw new Error('a broken SDK');
    },
  });
  try {
    const service = traced(project, passing, { logger });
    await service.planImprovement(change);
    expect(await service.executeImprovement()).toMatchObject({ status: 'completed' });
    await service.flushNotices();
    expect(logger.lines.filter((line) => line.includes('a broken SDK'))).toHaveLength(1);
  } finally {
    trace.disable();
    trace.setGlobalTracerProvider(provider);
  }
});
