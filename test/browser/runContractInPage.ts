import { type ContractCase, runContract, type SkippedCases } from "@xmtp-backup/testing";
import { describe, type TestContext, test } from "vitest";

/** A page whose script has a `runCase` made by `runCaseOf`. */
export type ContractPage = { call(name: "runCase", contract: string, caseName: string): Promise<void> };

export type ContractInPageOptions = {
  /** What the page's script calls the contract. */
  contract: string;
  /** The cases, for their names: they run in the page. */
  cases: readonly ContractCase[];
  pageFor: (context: TestContext) => Promise<ContractPage>;
  skipped?: SkippedCases;
};

/** Runs each case of a contract as a test of its own inside a page of a real browser. */
export function runContractInPage({ contract, cases, pageFor, skipped = {} }: ContractInPageOptions): void {
  const it = (name: string) =>
    test(name, async (context) => {
      await (await pageFor(context)).call("runCase", contract, name);
    });
  runContract(`${contract} in Chromium`, cases, { describe, it: Object.assign(it, { skip: (name: string) => test.skip(name) }) }, skipped);
}
