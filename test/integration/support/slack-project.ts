import { onTestFinished } from 'vitest';
import type { ImprovementRequest } from '../../../src/improvement.js';
import type { ServiceOptions } from '../../../src/service/service-options.js';
import { SlackServer } from '../../support/slack-server.js';
import { CollectingLogger } from './collecting-logger.js';
import { passing, testProject, type TestProject } from './project.js';

export const change: ImprovementRequest = {
  description: 'Tell about it',
  targetFiles: [],
  requiresRestart: false,
  changes: [{ file: 'src/a.ts', type: 'modify', content: 'x' }],
};

export const environment = { SLACK_BOT_TOKEN: 'xoxb-test-token-0000' };

export interface SlackProject extends TestProject {
  slack: SlackServer;
  logger: CollectingLogger;
  /** What the engine is told of Slack; the keys of `notify.slack` besides. */
  config(keys?: object, more?: object): Record<string, unknown>;
  told(options?: ServiceOptions): ReturnType<TestProject['service']>;
}

/** A project that tells a Slack of its own. */
export async function slackProject(): Promise<SlackProject> {
  const slack = await SlackServer.start();
  onTestFinished(() => slack.close());
  const project = await testProject();
  const logger = new CollectingLogger();
  const config = (keys: object = {}, more: object = {}) => ({
    checks: passing,
    notify: { slack: { ...slack.config, timeoutMs: 2_000, ...keys } },
    ...more,
  });
  const told = (options: ServiceOptions = {}) =>
    project.service({ environment, logger, ...options, config: options.config ?? config() });
  return { ...project, slack, logger, config, told };
}
