/**
 * One case of a contract. It knows no test runner: list the cases in vitest, jest or node:test, as
 * `for (const { name, run } of storeContract(make)) it(name, run)`.
 */
export interface ContractCase {
  readonly name: string;
  /** @throws AssertionError where the contract does not hold. */
  run(): Promise<void>;
}
