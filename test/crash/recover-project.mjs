// Recovery in a process of its own, so that it can be killed as well.
// usage: recover-project.mjs ENGINE PROJECT
const [engine, root] = process.argv.slice(2);
const { SelfImprovementService } = await import(engine);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
await new SelfImprovementService(root, { config: {}, logger: quiet }).recover();
