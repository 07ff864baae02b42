export { improvementMachine, improvementMachineVersion } from './improvement-machine.js';
export { restartMachine, restartMachineVersion } from './restart-machine.js';
export { checksPassed, rollbackSucceeded, toFailure } from './improvement-guards.js';
export type * from './improvement-types.js';
export type * from './restart-types.js';
