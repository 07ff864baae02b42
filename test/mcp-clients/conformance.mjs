// Runs the official conformance suite against `moult mcp --http`. `npm run test:mcp-conformance`.
import { request, createServer } from 'node:http';
import { SelfImprove, serveHttp } from '../../dist/mcp/index.js';
import { exampleProject } from './example-project.mjs';
import { temporaryTools } from './temporary-tools.mjs';

/**
 * Scenarios that ask for tools, resources and prompts which the suite names itself (`test_simple_text`, `test://static-text`
 * and so on): they test an SDK by an example server written for them. docs/mcp.md lists them.
 */
const needsItsOwnServer =
  /^(tools-call-|tools-name-|resources-read-|resources-templates-read|resources-subscribe|resources-unsubscribe|prompts-|elicitation-|completion-complete|json-schema-|sep-2322|input-required|tasks-)/;
/** Parts of the protocol that moult does not offer. */
const notOffered = /^logging-/;

/**
 * What a single check of a scenario may end with where it asks for something of the suite's own, or for prompts, of which
 * moult has none. Any other failure is one.
 */
const doesNotApply = /^(Not testable: |prompts\/list returned JSON-RPC error -32601)/;

const only = process.argv[2];
const tools = await temporaryTools('@modelcontextprotocol/conformance@0.2.0-alpha.12');
const project = exampleProject();
const selfImprove = new SelfImprove(project.root);
const serving = await serveHttp(selfImprove);
const open = await withToken(serving);
const failed = [];
try {
  for (const era of ['2026-07-28', '2025-11-25']) {
    const { stdout } = await tools.run('conformance', ['list', '--server', '--spec-version', era]);
    const scenarios = [...stdout.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name);
    for (const name of scenarios) {
      if (only !== undefined && name !== only) continue;
      const why = needsItsOwnServer.test(name)
        ? 'needs a server of its own'
        : notOffered.test(name)
          ? 'not offered'
          : null;
      if (why !== null && only === undefined) {
        console.log(`${era} ${name}: left out (${why})`);
        continue;
      }
      const args = ['server', '--url', open.url, '--scenario', name, '--spec-version', era];
      const { exitCode, output } = await tools.run('conformance', args, { cwd: tools.folder });
      const problems = [...output.matchAll(/^ {4}Error: (.*)$/gm)].map(([, problem]) => problem);
      const isFailed =
        exitCode !== 0 && !(problems.length > 0 && problems.every((text) => doesNotApply.test(text)));
      const left = exitCode !== 0 && !isFailed ? ` (${problems.length} of its checks do not apply)` : '';
      console.log(`${era} ${name}: ${isFailed ? 'FAILED' : `passed${left}`}`);
      if (isFailed) failed.push(`${era} ${name}`);
      if (isFailed || only !== undefined) console.log(output);
    }
  }
} finally {
  await open.close();
  await serving.close();
  project.remove();
  tools.remove();
}
console.log(failed.length === 0 ? 'Every scenario that applies passes.' : `Failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** The suite sends no token: this adds it and changes nothing else. */
async function withToken({ url, token }) {
  const target = new URL(url);
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const onward = request(
      {
        hostname: target.hostname,
        port: target.port,
        path,
        method,
        headers: { ...headers, authorization: `Bearer ${token}` },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}${target.pathname}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
