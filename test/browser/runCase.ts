import type { ContractCase } from "@xmtp-backup/testing";

/** For a page's script: runs a case of one of its contracts, which `runContractInPage` calls from the outside. */
export function runCaseOf<Name extends string>(contracts: Record<Name, () => ContractCase[]>) {
  return async (contract: Name, caseName: string): Promise<void> => {
    const found = contracts[contract]().find(({ name }) => name === caseName);
    if (!found) throw new Error(`There is no case called "${caseName}".`);
    await found.run();
  };
}
