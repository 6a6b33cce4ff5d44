// `npm run test:sdks`: the host contract and the end-to-end suites on every version of the SDKs that is tested.
// `-- --short` runs a few on the oldest version of each SDK; `npm test` does. `-- --sdk 6.0.0` runs one version.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { allRuns, shortRuns } from "./sdks/planRuns.ts";
import { nameOf, runSdk, type SdkResult } from "./sdks/runSdk.ts";
import type { TestSummary } from "./vitestSummary.ts";

const { values } = parseArgs({ options: { short: { type: "boolean", default: false }, sdk: { type: "string" } } });
const runs = (values.short ? shortRuns() : allRuns()).filter(({ sdk }) => values.sdk === undefined || values.sdk === sdk.version);
if (runs.length === 0) throw new Error(`There is no version ${values.sdk} among those that are tested.`);

const results: SdkResult[] = [];
// The short ones wait for a network and a browser most of the time.
if (values.short) results.push(...(await Promise.all(runs.map(runSdk))));
else for (const run of runs) results.push(await runSdk(run));

process.stdout.write("\n");
for (const result of results) {
  for (const { name, reason } of result.skipped) process.stdout.write(`SKIPPED ${nameOf(result)}: ${name}: ${reason}\n`);
  for (const [reason, count] of result.lacking) process.stdout.write(`${nameOf(result)}: ${count} tests do not apply: ${reason}\n`);
}
for (const result of results) process.stdout.write(`${nameOf(result)}: ${result.passed} passed, ${result.failed} failed, ${result.skipped.length} skipped in ${result.seconds} s\n`);

const total = totalOf(results);
const file = process.env["SUMMARY_FILE"];
if (file) writeFileSync(file, JSON.stringify(total));
process.exitCode = total.failed > 0 || (process.env["CI"] === "true" && total.skipped.length > 0) ? 1 : 0;

function totalOf(all: readonly SdkResult[]): TestSummary {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.flatMap((result) => result.skipped.map(({ name, reason }) => ({ name: `${nameOf(result)}: ${name}`, reason }))),
  };
}
