// The unit tests of the specification this grew from, with other imports and without its mocks.
import { describe, it, expect, beforeEach, afterEach, vi } from 'vitest';
import * as fs from 'fs/promises';
import * as path from 'path';
import * as os from 'os';
import {
  SelfImprovementService,
  getSelfImprovementService,
  resetSelfImprovementService,
  type ImprovementRequest,
} from '../../src/index.js';

describe('SelfImprovementService', () => {
  let testDir: string;
  let service: SelfImprovementService;

  beforeEach(async () => {
    testDir = path.join(os.tmpdir(), `si-test-${Date.now()}`);
    await fs.mkdir(testDir, { recursive: true });
    service = new SelfImprovementService(testDir);
    resetSelfImprovementService();
  });

  afterEach(async () => {
    resetSelfImprovementService();
    try {
      await fs.rm(testDir, { recursive: true, force: true });
    } catch {
      // As in the specification.
    }
  });

  describe('getSelfImprovementService', () => {
    it('should return singleton instance', () => {
      const service1 = getSelfImprovementService();
      const service2 = getSelfImprovementService();
      expect(service1).toBe(service2);
    });
  });

  describe('planImprovement', () => {
    it('should plan improvement task', async () => {
      const request: ImprovementRequest = {
        description: 'Fix bug in login',
        targetFiles: ['src/auth.ts'],
        changes: [
          {
            file: 'src/auth.ts',
            type: 'modify',
            description: 'Fix validation',
            risk: 'low',
          },
        ],
        requiresRestart: false,
      };

      const taskId = await service.planImprovement(request);

      expect(taskId).toMatch(/^si-\d+$/);

      const state = service.getState();
      expect(state?.currentTask?.description).toBe('Fix bug in login');
      expect(state?.currentTask?.status).toBe('planning');
    });

    it('should identify high-risk files', async () => {
      const warnSpy = vi.spyOn(console, 'warn');

      const request: ImprovementRequest = {
        description: 'Update server',
        targetFiles: ['backend/src/index.ts'],
        changes: [],
        requiresRestart: true,
      };

      await service.planImprovement(request);

      expect(warnSpy).toHaveBeenCalledWith(expect.stringContaining('High-risk files'));
    });
  });

  describe('cancelImprovement', () => {
    it('should cancel and clear state', async () => {
      const request: ImprovementRequest = {
        description: 'Test',
        targetFiles: ['test.ts'],
        changes: [],
        requiresRestart: false,
      };

      await service.planImprovement(request);
      expect(service.getState()).not.toBeNull();

      await service.cancelImprovement();
      expect(service.getState()).toBeNull();
    });
  });
});
