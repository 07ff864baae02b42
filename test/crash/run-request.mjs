// One improvement in a process of its own, which notes what it was told, as it is told it.
// usage: run-request.mjs ENGINE PROJECT REQUEST-FILE [OPTIONS]     OPTIONS as JSON:
//   check   the command that judges. Default true.
//   note    appends each acknowledgement to this file as well
//   signal  [NAME, n]: sends itself that signal at the n-th event of its progress
//   count   prints the number of events at the end
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const [engine, root, requestFile, json = '{}'] = process.argv.slice(2);
const { check = 'true', note, signal = [null, 0], count = false } = JSON.parse(json);
const { SelfImprovementService } = await import(engine);
let events = 0;
const service = new SelfImprovementService(root, {
  config: {
    checks: [{ name: 'check', type: 'custom', command: check, required: true }],
    restartTriggers: [],
  },
  logger: { debug() {}, info() {}, warn() {}, error() {} },
  onProgress: () => {
    events += 1;
    if (events === signal[1]) process.kill(process.pid, signal[0]);
  },
});
const say = (said) => {
  const line = JSON.stringify(said);
  if (note) noteDown(line);
  process.stdout.write(`${line}\n`);
};
try {
  say({ planned: await service.planImprovement(JSON.parse(readFileSync(requestFile, 'utf8'))) });
  const { status, taskId, error, failure } = await service.executeImprovement();
  say({ status, taskId, error, failure });
} catch (error) {
  say({
    threw: error.code ?? null,
    message: error.message,
    remedy: error.remedy ?? null,
    stack: error.stack,
  });
}
if (count) say({ events });

/** One write, neither truncating nor seeking: the file may be the recorder's. */
function noteDown(line) {
  const file = openSync(note, 'r+');
  writeSync(file, line);
  closeSync(file);
}
