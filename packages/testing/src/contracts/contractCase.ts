/** One behaviour that every implementation of a port must show. */
export type ContractCase = { name: string; run: () => Promise<void> };

/** Why an implementation skips a case; each needs a reason that a reader can check. */
export type SkippedCases = Readonly<Record<string, string>>;

/** The part of a test runner that a contract suite needs: vitest, jest, mocha and node:test all fit. */
export type TestRunner = {
  describe: (name: string, define: () => void) => unknown;
  it: ((name: string, run: () => Promise<void>) => unknown) & { skip: (name: string, run: () => Promise<void>) => unknown };
};

/**
 * Hands the cases of a contract to a test runner.
 *
 * @example
 * ```ts
 * import { archiveStoreContract, memoryStore, runContract } from "@xmtp-backup/testing";
 * import { describe, it } from "vitest";
 *
 * runContract("memoryStore", archiveStoreContract(async () => ({ store: memoryStore() })), { describe, it });
 * ```
 */
export function runContract(name: string, cases: readonly ContractCase[], { describe, it }: TestRunner, skipped: SkippedCases = {}): void {
  for (const unknown of Object.keys(skipped)) {
    if (!cases.some((each) => each.name === unknown)) throw new Error(`There is no case called "${unknown}" to skip.`);
  }
  describe(name, () => {
    for (const { name: caseName, run } of cases) {
      const reason = skipped[caseName];
      if (reason) it.skip(`${caseName} (${reason})`, run);
      else it(caseName, run);
    }
  });
}
