import { SelfImprovementService } from '../self-improvement-service.js';
import type { Cli } from './cli.js';
import { serviceOptions } from './service-options.js';

/** So long a notice may keep somebody at a terminal waiting; what is left is sent by the next process. */
const flushMs = 2_000;

/** The engine for the project. */
export function openService(cli: Cli): SelfImprovementService {
  const service = new SelfImprovementService(cli.root, serviceOptions(cli));
  cli.beforeEnd.push(() => service.flushNotices(flushMs));
  return service;
}
