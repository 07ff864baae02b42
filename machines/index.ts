export { improvementMachine, improvementMachineVersion } from './improvement-machine.js';
export { checksPassed, rollbackSucceeded, toFailure } from './improvement-guards.js';
export type * from './improvement-types.js';
