import { spawn } from "node:child_process";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSummary } from "../readSummary.ts";
import type { TestSummary } from "../vitestSummary.ts";
import { exitOf } from "./exitOf.ts";
import { sdkEnvironment } from "./sdkEnvironment.ts";
import type { TestedSdk } from "./testedSdks.ts";

const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/**
 * Runs test files on one version of an SDK, and on that Node.
 *
 * The test runner's processes and all that they start run on the Node and get the version too.
 */
export async function runSuites(sdk: TestedSdk, node: string, files: readonly string[]): Promise<TestSummary> {
  const work = mkdtempSync(join(tmpdir(), "xmtp-backup-sdks-"));
  try {
    const summary = join(work, "summary.json");
    const env = { ...sdkEnvironment(sdk), SUMMARY_FILE: summary };
    const args = ["run", "--reporter=dot", "--reporter=./scripts/vitestSummary.ts", "--testTimeout=60000", ...files.flatMap(filesOf)];
    const code = await exitOf(spawn(node, [vitest, ...args], { env, stdio: ["ignore", "inherit", "inherit"] }));
    return readSummary(summary, code === 0);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function filesOf(pattern: string): string[] {
  const found = globSync(pattern);
  if (found.length === 0) throw new Error(`There is no test ${pattern}.`);
  return found;
}
