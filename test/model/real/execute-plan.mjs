// Executes the plan that waits in a project, in a process that may be killed.
// usage: execute-plan.mjs PROJECT CONFIGURATION
import { SelfImprovementService } from '../../../dist/index.js';

const [, , project, config] = process.argv;
const logger = { debug() {}, info() {}, warn() {}, error() {} };
await new SelfImprovementService(project, { config: JSON.parse(config), logger }).executeImprovement();
