import {
  ResourceNotFoundError,
  ResourceTemplate,
  type McpServer,
  type ReadResourceResult,
} from '@modelcontextprotocol/server';
import { MoultError } from '../errors/moult-error.js';
import type { ImprovementDetails } from '../service/describe-task.js';
import { describeAnswer } from './describe-answer.js';
import { readDiff } from './read-diff.js';
import { readLog } from './read-log.js';
import { uriOf, uriTemplates } from './resource-uris.js';
import type { SelfImprove } from './self-improve.js';

const listedMax = 20;

interface View {
  name: string;
  template: string;
  title: string;
  description: string;
  mimeType: string;
  /** Null where there is nothing under that name. */
  read: (details: ImprovementDetails, variables: Record<string, string>) => Promise<string | null>;
}

/** Adds what can be read of the project's improvements: history, plans, diffs, logs of checks. */
export function registerResources(server: McpServer, selfImprove: SelfImprove): void {
  const { masker } = selfImprove.host;
  server.registerResource(
    'improvements',
    uriTemplates.history,
    {
      title: 'History',
      description: 'All improvements of this project, oldest first',
      mimeType: 'application/json',
    },
    async (uri) =>
      toContents(uri, 'application/json', json(await masker.maskJson(await selfImprove.history()))),
  );
  for (const { name, template, title, description, mimeType, read } of views(selfImprove)) {
    const list = name === 'improvement' ? () => listImprovements(selfImprove) : undefined;
    const complete = { taskId: (begun: string) => taskIds(selfImprove, begun) };
    server.registerResource(
      name,
      new ResourceTemplate(template, { list, complete }),
      { title, description, mimeType },
      async (uri, variables) => {
        const details = await find(selfImprove, uri, String(variables.taskId));
        const text = await read(details, variables as Record<string, string>);
        if (text === null) throw new ResourceNotFoundError(uri.href);
        return toContents(uri, mimeType, await masker.mask(text));
      },
    );
  }
}

function views({ root, host }: SelfImprove): View[] {
  const situation = { root, host };
  return [
    {
      name: 'improvement',
      template: uriTemplates.improvement,
      title: 'Improvement',
      description: 'Where one improvement stands, with its files and checks',
      mimeType: 'application/json',
      read: async (details) => json(await describeAnswer(details, { action: 'status' })),
    },
    {
      name: 'plan',
      template: uriTemplates.plan,
      title: 'Plan',
      description: 'Everything that was decided before anything was touched',
      mimeType: 'application/json',
      read: ({ plan }) => Promise.resolve(json(plan)),
    },
    {
      name: 'diff',
      template: uriTemplates.diff,
      title: 'Diff',
      description: 'The planned changes as a unified diff',
      mimeType: 'text/x-diff',
      read: (details) => readDiff(details, situation),
    },
    {
      name: 'check-log',
      template: uriTemplates.log,
      title: 'Log of a check',
      description: 'What a check printed; of a long one the beginning and the end',
      mimeType: 'text/plain',
      read: (details, { check = '' }) => readLog(details, decodeURIComponent(check)),
    },
  ];
}

async function listImprovements(selfImprove: SelfImprove) {
  const newest = (await selfImprove.history()).slice(-listedMax).reverse();
  return {
    resources: newest.map(({ taskId, description }) => ({
      uri: uriOf.improvement(taskId),
      name: taskId,
      description,
    })),
  };
}

async function taskIds(selfImprove: SelfImprove, begun: string): Promise<string[]> {
  return (await selfImprove.history())
    .map(({ taskId }) => taskId)
    .filter((taskId) => taskId.startsWith(begun));
}

async function find(selfImprove: SelfImprove, uri: URL, taskId: string): Promise<ImprovementDetails> {
  try {
    return await selfImprove.find(taskId);
  } catch (error) {
    if (error instanceof MoultError && error.code === 'TASK_UNKNOWN')
      throw new ResourceNotFoundError(uri.href);
    throw error;
  }
}

const json = (value: unknown) => JSON.stringify(value, null, 2);

function toContents(uri: URL, mimeType: string, text: string): ReadResourceResult {
  return { contents: [{ uri: uri.href, mimeType, text }] };
}
