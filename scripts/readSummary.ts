import { existsSync, readFileSync } from "node:fs";
import type { TestSummary } from "./vitestSummary.ts";

/** What a run wrote to its SUMMARY_FILE; one that ended badly has failed, even where no single test did. */
export function readSummary(file: string, isOk: boolean): TestSummary {
  const nothing: TestSummary = { passed: 0, failed: 1, skipped: [] };
  const summary = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as TestSummary) : nothing;
  return !isOk && summary.failed === 0 ? { ...summary, failed: 1 } : summary;
}
