import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/** What `npm test` needs of a vitest run: the counts, and why each skipped test was skipped. */
export type TestSummary = { passed: number; failed: number; skipped: { name: string; reason: string }[] };

/** Writes the summary to the file that SUMMARY_FILE names. */
export default class VitestSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const summary: TestSummary = { passed: 0, failed: errors.length, skipped: [] };
    for (const module of modules) {
      if (module.errors().length > 0) summary.failed += 1;
      for (const test of module.children.allTests()) count(test, summary);
    }
    const file = process.env["SUMMARY_FILE"];
    if (file) writeFileSync(file, JSON.stringify(summary));
  }
}

function count(test: TestCase, summary: TestSummary): void {
  const result = test.result();
  if (result.state === "passed") summary.passed += 1;
  else if (result.state === "failed") summary.failed += 1;
  else summary.skipped.push({ name: test.fullName, reason: (result.state === "skipped" && result.note) || reasonIn(test.name) });
}

/** A contract's case that an implementation skips has its reason in its name. */
function reasonIn(name: string): string {
  return / \(([^()]+)\)$/.exec(name)?.[1] ?? "no reason given";
}
