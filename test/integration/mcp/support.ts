import type { ClientOptions } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import { SelfImprove } from '../../../src/mcp/self-improve.js';
import { serveHttp, type HttpServing } from '../../../src/mcp/serve-http.js';
import type { ServiceOptions } from '../../../src/service/service-options.js';
import { McpTestClient, type Era } from '../../support/mcp-client.js';
import { CollectingLogger } from '../support/collecting-logger.js';
import { passing, testProject, type TestProject } from '../support/project.js';

export interface Served {
  project: TestProject;
  selfImprove: SelfImprove;
  serving: HttpServing;
  connect: (era: Era, options?: ClientOptions) => Promise<McpTestClient>;
}

/** A project with a server on loopback, in this process. */
export async function served(options: ServiceOptions = {}, project?: TestProject): Promise<Served> {
  const at = project ?? (await testProject());
  const selfImprove = new SelfImprove(at.root, {
    logger: new CollectingLogger(),
    config: { checks: passing },
    ...options,
  });
  const serving = await serveHttp(selfImprove);
  onTestFinished(async () => {
    await selfImprove.stop();
    await serving.close();
  });
  return {
    project: at,
    selfImprove,
    serving,
    connect: async (era, clientOptions) => {
      const client = await McpTestClient.overHttp(serving, era, clientOptions);
      onTestFinished(() => client.close());
      return client;
    },
  };
}
