// `npm test`: every check and every test, then what passed, what failed, and what was skipped and why.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSummary } from "./readSummary.ts";
import type { TestSummary } from "./vitestSummary.ts";

const isCi = process.env["CI"] === "true";
const checks: [name: string, command: string, ...args: string[]][] = [
  ["types", "turbo", "run", "typecheck", "--output-logs=errors-only"],
  ["types of scripts, tests and benches", "tsc"],
  ["types of the bindings' tests", "tsc", "-p", "test/bindings"],
  ["types of the README's code", "tsc", "-p", "test/readme"],
  ["types of the bench's pages", "tsc", "-p", "bench/browser"],
  ["lint", "node", "scripts/lint.ts"],
  ["sizes", "size-limit"],
  ["build", "node", "scripts/build.ts"],
  ["built packages in plain Node", "node", "scripts/importBuilt.ts"],
  ["API reports", "node", "scripts/apiReports.ts", "--check"],
];
const filters = process.argv.slice(2);
if (filters.length === 0) checks.push(["packed packages in fresh apps", "node", "scripts/packCheck.ts"]);

function run(name: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): boolean {
  process.stdout.write(`\n── ${name}: ${command} ${args.join(" ")}\n`);
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...env }, shell: process.platform === "win32" });
  return status === 0;
}

/** Runs tests that write their summary to a file. */
function runTests(name: string, command: string, args: string[]): TestSummary {
  const folder = mkdtempSync(join(tmpdir(), "xmtp-backup-summary-"));
  try {
    const file = join(folder, "summary.json");
    const isOk = run(name, command, args, { SUMMARY_FILE: file });
    return readSummary(file, isOk);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (filters.length === 0 || filters.some((filter) => filter.includes("stores"))) run("servers", "node", ["scripts/ensureServers.ts"]);
const failedChecks = checks.filter(([name, command, ...args]) => !run(name, command, args)).map(([name]) => name);
const tests = runTests("tests", "vitest", ["run", "--reporter=default", "--reporter=./scripts/vitestSummary.ts", ...filters]);
const onOtherSdks = filters.length === 0 ? [runTests("other versions of the SDKs", "node", ["scripts/testSdks.ts", "--short"])] : [];
const [passed, failed, skipped] = [sum("passed"), sum("failed"), [tests, ...onOtherSdks].flatMap((each) => each.skipped)];

process.stdout.write("\n");
for (const name of failedChecks) process.stdout.write(`FAILED check: ${name}\n`);
for (const { name, reason } of skipped) process.stdout.write(`SKIPPED ${name}: ${reason}\n`);
if (isCi && skipped.length > 0) process.stdout.write("On CI nothing may be skipped.\n");
process.stdout.write(
  `${passed + checks.length - failedChecks.length} passed, ${failed + failedChecks.length} failed, ${skipped.length} skipped\n`,
);
process.exitCode = failed + failedChecks.length > 0 || (isCi && skipped.length > 0) ? 1 : 0;

function sum(count: "passed" | "failed"): number {
  return [tests, ...onOtherSdks].reduce((total, each) => total + each[count], 0);
}
