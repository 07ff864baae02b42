import { describe, it } from 'vitest';
import {
  checkRunnerContract,
  notifierContract,
  restartContract,
  storeContract,
  workspaceContract,
  type ContractCase,
} from '../../../../src/testing/index.js';
import {
  checkRunnerSubject,
  consoleNotifierSubject,
  engineWorkspaceSubject,
  memoryNotifierSubject,
  taskStoreSubject,
  timerRestartSubject,
} from './adapters.js';

const list = (cases: readonly ContractCase[]) => {
  for (const one of cases) it(one.name, () => one.run());
};

describe("the engine's store of tasks", () => list(storeContract(taskStoreSubject, { canFill: true })));
describe('the notifier in memory', () => list(notifierContract(memoryNotifierSubject)));
describe('the notifier on the console', () => list(notifierContract(consoleNotifierSubject)));
describe("the engine's runner of checks", () => list(checkRunnerContract(checkRunnerSubject)));
describe('the engine as a workspace', () => list(workspaceContract(engineWorkspaceSubject)));
describe('a host that restarts by a timer', () => list(restartContract(timerRestartSubject)));
