// One whole improvement in a process of its own: what the campaign kills. Prints what it was told, as it is told.
// usage: run-workload.mjs ENGINE PROJECT WORKLOAD [CHECK]
import { workloadNamed, requestOf } from './workloads.mjs';

const [engine, root, name, check] = process.argv.slice(2);
const { SelfImprovementService } = await import(engine);
const workload = workloadNamed(name);
const command = check ?? (workload.end === 'rolled_back' ? 'false' : 'true');
const service = new SelfImprovementService(root, {
  config: { checks: [{ name: 'check', type: 'custom', command, required: true }], restartTriggers: [] },
  logger: { debug() {}, info() {}, warn() {}, error() {} },
  onProgress: (event) => {
    if (workload.end === 'cancelled' && event.type === 'check-started')
      void service.cancelImprovement().catch(() => undefined);
  },
});
try {
  const taskId = await service.planImprovement(requestOf(workload));
  process.stdout.write(`planned ${taskId}\n`);
  const result = await service.executeImprovement();
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  if (typeof error.code !== 'string') throw error;
  process.stdout.write(`threw ${error.code}\n`);
}
