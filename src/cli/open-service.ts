import { SelfImprovementService } from '../self-improvement-service.js';
import type { Cli } from './cli.js';
import { serviceOptions } from './service-options.js';

/** The engine for the project. */
export function openService(cli: Cli): SelfImprovementService {
  return new SelfImprovementService(cli.root, serviceOptions(cli));
}
