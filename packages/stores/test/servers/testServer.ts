import { type ContractCase, runContract, type SkippedCases } from "@xmtp-backup/testing";
import { afterAll, beforeAll, describe, it, type TestContext } from "vitest";
import { type DebianServer, isInstalled, notInstalled } from "../../../../scripts/debianServers.ts";

/**
 * A server that the tests of a file share: it starts before them and ends after them. Where it is not installed each of them is skipped
 * with the reason, and on CI they fail.
 */
export function testServer<T extends { dispose: () => Promise<void> }>(name: DebianServer, start: () => Promise<T>) {
  let server: T | undefined;
  beforeAll(async () => {
    if (isInstalled(name)) server = await start();
    else if (process.env["CI"] === "true") throw new Error(notInstalled(name));
  });
  afterAll(() => server?.dispose());

  const orSkip = (context: Pick<TestContext, "skip">): T => server ?? context.skip(notInstalled(name));
  const itThere = (caseName: string, run: () => Promise<void>) => it(caseName, async (context) => {
    orSkip(context);
    await run();
  });

  return {
    orSkip,
    /** The running server. @throws Error outside of a test that it has started for */
    now(): T {
      if (!server) throw new Error(notInstalled(name));
      return server;
    },
    runContract: (contract: string, cases: readonly ContractCase[], skipped: SkippedCases = {}) =>
      runContract(contract, cases, { describe, it: Object.assign(itThere, { skip: it.skip }) }, skipped),
  };
}
