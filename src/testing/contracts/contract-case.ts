/**
 * One case of a contract. It knows no test runner: list the cases in vitest, jest or node:test, as
 * `for (const one of storeContract(make)) it(one.name, one.run)`.
 */
export interface ContractCase {
  readonly name: string;
  /** @throws AssertionError where the contract does not hold. */
  readonly run: () => Promise<void>;
}
