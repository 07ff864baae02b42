import type { Fence } from '../store/fence.js';
import type { Host } from './host.js';
import type { Project } from './project.js';

/** One removal of old improvements. */
export interface Collection {
  host: Host;
  project: Project;
  /** Null only says what would be removed. */
  lock: Fence | null;
  /** Measures everything anew, and clears away what crashes left also where nothing else is to be removed. */
  thorough: boolean;
  /** Begins nothing new when so much time has passed. */
  budgetMs: number;
}
