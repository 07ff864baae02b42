import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect } from 'vitest';
import { SelfImprovementService } from '../../src/self-improvement-service.js';
import type { ServiceOptions } from '../../src/service/service-options.js';
import { diffManifests } from '../../src/testing/diff-manifests.js';
import { manifest, type Manifest } from '../../src/testing/manifest.js';
import { tempRepository, type TempRepository } from '../../src/testing/temp-repository.js';
import { CollectingLogger } from '../integration/support/collecting-logger.js';

/** A project with the rest of the world around it, both of which an attack must leave as they are. */
export interface AttackGround extends TempRepository {
  /** A folder beside the project. */
  outside: string;
  at(file: string): string;
  service(options?: ServiceOptions): SelfImprovementService;
  /** A program that leaves a trace under that name when anything runs it. */
  trap(name: string): string;
  /** The names of the traps that were run. */
  sprung(): string[];
  /** To be called when everything is laid out. */
  remember(): Promise<void>;
  /** Fails where anything differs from when it was remembered, in the project, its repository or outside. */
  expectUntouched(except?: string[]): Promise<void>;
}

export const passing = [{ name: 'passes', type: 'custom' as const, command: 'true', required: true }];

export async function attackGround(): Promise<AttackGround> {
  const repository = await tempRepository();
  const base = path.dirname(repository.root);
  const outside = path.join(base, 'outside');
  const traces = fs.mkdtempSync(path.join(path.dirname(base), 'moult-traces-'));
  fs.mkdirSync(outside);
  fs.writeFileSync(path.join(outside, 'secret.txt'), 'not yours\n');
  let before: Manifest | null = null;
  const at = (file: string) => path.join(repository.root, file);
  return {
    ...repository,
    outside,
    at,
    service: (options) =>
      new SelfImprovementService(repository.root, {
        logger: new CollectingLogger(),
        config: { checks: passing },
        ...options,
      }),
    trap: (name) => {
      const script = path.join(outside, `trap-${name.replace(/\W+/g, '-')}.sh`);
      fs.writeFileSync(script, `#!/bin/sh\ntouch '${traces}/${name.replace(/\W+/g, '-')}'\ncat\n`, {
        mode: 0o755,
      });
      return script;
    },
    sprung: () => fs.readdirSync(traces),
    remember: async () => void (before = await manifest(base)),
    expectUntouched: async (except = []) => {
      if (!before) throw new Error('nothing was remembered');
      const ignore = except.map((file) => path.posix.join(path.basename(repository.root), file));
      const differences = diffManifests(before, await manifest(base), { ignore });
      // A before-image is a second name of a file, which changes nothing about it.
      expect(differences.filter((line) => !/: links \d+ -> \d+$/.test(line))).toEqual([]);
    },
    remove: async () => {
      fs.rmSync(traces, { recursive: true, force: true });
      await repository.remove();
    },
  };
}
