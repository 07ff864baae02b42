// A server that changes its own source. It is started by `moult supervise`: see ../self-updating-server.mjs.
import { createServer } from 'node:http';
import { getSafeRestartService, SelfImprovementService } from 'moult';
import { greeting } from './greeting.mjs';

const restarts = getSafeRestartService();
const { kind, why } = await restarts.resume();
const service = new SelfImprovementService('.');

const server = createServer(async (request, response) => {
  const answer =
    request.method === 'POST' ? await improve(await textOf(request)) : { greeting: greeting(), kind, why };
  response.end(JSON.stringify(answer));
});

/** The new source of greeting.mjs comes in, and becomes an improvement of this very program. */
async function improve(content) {
  await service.planImprovement({
    description: 'Greet otherwise',
    targetFiles: [],
    changes: [{ file: 'greeting.mjs', type: 'modify', content }],
    requiresRestart: true,
  });
  const { taskId, status } = await service.executeImprovement();
  return { taskId, status };
}

async function textOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

restarts.onShutdown(() => new Promise((resolve) => server.close(resolve)));
server.listen(Number(process.env.PORT), '127.0.0.1', () => restarts.ready());
