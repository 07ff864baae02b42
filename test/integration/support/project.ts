import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ServiceOptions } from '../../../src/service/service-options.js';
import { SelfImprovementService } from '../../../src/self-improvement-service.js';
import { diffManifests } from '../../../src/testing/diff-manifests.js';
import { manifest, type Manifest } from '../../../src/testing/manifest.js';
import {
  tempRepository,
  type TempRepository,
  type TempRepositoryOptions,
} from '../../../src/testing/temp-repository.js';
import { CollectingLogger } from './collecting-logger.js';

/** A project for one test, and what it looked like at first. */
export interface TestProject extends TempRepository {
  /** What the whole working tree and its repository held when the test began. */
  before: Manifest;
  service(options?: ServiceOptions): SelfImprovementService;
  /** Absolute. */
  at(file: string): string;
  text(file: string): string;
  stateDirectory: string;
  /** Throws unless everything is as it was, but for the paths that may differ. */
  expectUntouched(except?: string[]): Promise<void>;
}

export const passing = [{ name: 'passes', type: 'custom' as const, command: 'true', required: true }];
export const failing = [{ name: 'fails', type: 'custom' as const, command: 'false', required: true }];

export async function testProject(options: TempRepositoryOptions = {}): Promise<TestProject> {
  const repository = await tempRepository(options);
  onTestFinished(() => repository.remove());
  return toTestProject(repository, options.git !== false);
}

export async function toTestProject(repository: TempRepository, hasGit = true): Promise<TestProject> {
  const { root, top } = repository;
  const gitPath = hasGit ? (await repository.git(['rev-parse', '--git-path', 'moult'])).trim() : '.moult';
  const before = await manifest(top);
  const at = (file: string) => path.join(root, file);
  return {
    ...repository,
    before,
    at,
    stateDirectory: path.resolve(root, gitPath),
    text: (file) => fs.readFileSync(at(file), 'utf8'),
    service: (options) =>
      new SelfImprovementService(root, {
        logger: new CollectingLogger(),
        config: { checks: passing },
        ...options,
      }),
    expectUntouched: async (except = []) => {
      expect(diffManifests(before, await manifest(top), { ignore: except })).toEqual([]);
    },
  };
}
