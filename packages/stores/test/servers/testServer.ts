import { type ContractCase, runContract, type SkippedCases } from "@xmtp-backup/testing";
import { afterAll, beforeAll, describe, it, type TestContext } from "vitest";
import { type DebianServer, isInstalled, notInstalled } from "../../../../scripts/debianServers.ts";

export type StartedServer = { dispose: () => Promise<void> };

/**
 * A server that the tests of a file share: it starts before them and ends after them. Where its Debian packages are missing each test is
 * skipped with the reason, and on CI they fail. Without `packages` the server needs none.
 */
export function testServer<T extends StartedServer>(packages: DebianServer | undefined, start: () => Promise<T>) {
  const missing = packages !== undefined && !isInstalled(packages) ? notInstalled(packages) : undefined;
  let server: T | undefined;
  beforeAll(async () => {
    if (missing === undefined) server = await start();
    else if (process.env["CI"] === "true") throw new Error(missing);
  });
  afterAll(() => server?.dispose());

  /** The running server. @throws Error before it has started */
  function now(): T {
    if (!server) throw new Error(missing ?? "The server did not start.");
    return server;
  }
  const orSkip = (context: Pick<TestContext, "skip">): T => (missing === undefined ? now() : context.skip(missing));
  const itThere = (name: string, run: (server: T) => Promise<void>) => it(name, async (context) => run(orSkip(context)));

  return {
    orSkip,
    now,
    it: itThere,
    runContract: (name: string, cases: readonly ContractCase[], skipped: SkippedCases = {}) =>
      runContract(
        name,
        cases,
        { describe, it: Object.assign((caseName: string, run: () => Promise<void>) => itThere(caseName, run), { skip: it.skip }) },
        skipped,
      ),
  };
}
