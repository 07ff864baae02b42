import { onTestFinished } from 'vitest';
import { inspectService, type InspectOptions } from '../../../src/inspector/inspect-service.js';
import type { SelfImprovementService } from '../../../src/self-improvement-service.js';

/** The address of a page that shows what a service does, for the length of one test. */
export async function inspected(service: SelfImprovementService, options?: InspectOptions): Promise<string> {
  const inspector = await inspectService(service, options);
  onTestFinished(() => inspector.close());
  return inspector.url;
}
