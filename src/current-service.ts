import { SelfImprovementService } from './self-improvement-service.js';

let instance: SelfImprovementService | null = null;

/** The service of the current directory, made on first use. */
export function getSelfImprovementService(): SelfImprovementService {
  instance ??= new SelfImprovementService();
  return instance;
}

/** Forgets the service of `getSelfImprovementService`, for tests. */
export function resetSelfImprovementService(): void {
  instance = null;
}
