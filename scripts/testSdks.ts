// `npm run test:sdks`: the host contract and the end-to-end suites on every version of the SDKs that is tested, and the types of apps.
// `-- --short` runs a few on the oldest versions, as `npm test` does. `-- --only "node-sdk 6.0.0"` runs what has that in its name. `-- --write` notes what was tested in docs/compatibility.md and the README.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chromiumVersion } from "./sdks/chromiumVersion.ts";
import { compatibility } from "./sdks/compatibility.ts";
import { writeTables } from "./sdks/compatibilityPage.ts";
import { exitOf } from "./sdks/exitOf.ts";
import { planTasks } from "./sdks/planTasks.ts";
import { type TaskResult, totalOf } from "./sdks/sdkTask.ts";

const { values } = parseArgs({
  options: { short: { type: "boolean", default: false }, only: { type: "string" }, write: { type: "boolean", default: false } },
});
const isAll = !values.short && values.only === undefined;
if (values.write && !isAll) throw new Error("Only a run of everything is written down: leave out --short and --only.");
const tasks = planTasks(values);
if (tasks.length === 0) throw new Error(`Nothing that is tested has "${values.only}" in its name.`);

const isBuilt =
  (await exitOf(
    spawn("turbo", ["run", "build", "--output-logs=errors-only"], { stdio: "inherit", shell: process.platform === "win32" }),
  )) === 0;
const results: TaskResult[] = [];
// The short ones wait for a network and a browser most of the time.
if (values.short) results.push(...(await Promise.all(tasks.map(({ run }) => run()))));
else for (const { run } of tasks) results.push(await run());

process.stdout.write("\n");
for (const { name, skipped, lacking } of results) {
  for (const each of skipped) process.stdout.write(`SKIPPED ${name}: ${each.name}: ${each.reason}\n`);
  for (const [reason, count] of lacking) process.stdout.write(`${name}: ${count} tests do not apply: ${reason}\n`);
}
for (const { name, passed, failed, skipped, seconds } of results)
  process.stdout.write(`${name}: ${passed} passed, ${failed} failed, ${skipped.length} skipped in ${seconds} s\n`);

const total = totalOf(results);
const file = process.env["SUMMARY_FILE"];
if (file) writeFileSync(file, JSON.stringify(total));
const isGood = isBuilt && total.failed === 0 && (process.env["CI"] !== "true" || total.skipped.length === 0);
process.exitCode = isGood ? 0 : 1;

const chromium = values.write ? chromiumVersion() : undefined;
if (values.write && (!isGood || total.skipped.length > 0 || chromium === undefined))
  process.stdout.write("Nothing is written down, since not everything ran and passed.\n");
else if (values.write && chromium !== undefined) writeTables(compatibility(chromium));
