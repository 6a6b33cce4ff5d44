import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "vitest";
import { fetchPackage } from "../../../../scripts/fetchPackage.ts";

/** A runtime beside Node, and how it runs a script from the sources. */
export type Runtime = { program: string; args: readonly string[] };

/** Where the packages of npm keep a runtime, with the versions that are tested. */
const runtimes = {
  deno: {
    version: "2.9.6",
    scope: "@deno",
    binary: "deno",
    args: ["run", "--allow-all", "--no-check", "--conditions=@xmtp-backup/source"],
  },
  bun: { version: "1.4.5", scope: "@oven", binary: "bin/bun", args: ["--conditions=@xmtp-backup/source"] },
} as const;

export type RuntimeName = keyof typeof runtimes;

/** The runtime, fetched into the workspace's cache; where that is not possible the test is skipped with the reason, and fails on CI. */
export function findRuntime(name: RuntimeName, context: Pick<TestContext, "skip">): Runtime {
  const { version, scope, binary, args } = runtimes[name];
  try {
    const folder = join(dirname(fetchPackage(name, version)), scope);
    const program = readdirSync(folder)
      .map((each) => join(folder, each, binary))
      .find((path) => [path, `${path}.exe`].some((each) => existsSync(each)));
    if (!program) throw new Error(`It is not in ${folder}.`);
    execFileSync(program, ["--version"], { stdio: "pipe" });
    return { program, args };
  } catch (cause) {
    const reason = `${name} ${version} can't be fetched from npm, or does not run here`;
    if (process.env["CI"] === "true") throw new Error(reason, { cause });
    return context.skip(reason);
  }
}
