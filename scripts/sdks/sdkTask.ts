import type { TestSummary } from "../vitestSummary.ts";
import { nodeFor } from "./nodeFor.ts";
import { runSuites } from "./runSuites.ts";
import { nodeOfVersion } from "./testedNodes.ts";
import type { TestedSdk } from "./testedSdks.ts";

/** What came of a task; `lacking` are tests of what that version of the SDK does not have, by the reason. */
export type TaskResult = TestSummary & { name: string; lacking: ReadonlyMap<string, number>; seconds: number };

/** A part of `npm run test:sdks`, and its name as a person reads it. */
export type Task = { name: string; run(): Promise<TaskResult> };

/** Runs test files on a version of an SDK with a version of Node; where either can't be had here, all of it counts as skipped. */
export function sdkTask(sdk: TestedSdk, node: string, files: readonly string[]): Task {
  return taskOf(`${sdk.name} ${sdk.version}, Node ${node}`, sdk.lacks, async () => {
    let path: string;
    try {
      path = nodeOfVersion(node);
    } catch {
      return skipAll(`Node ${node} can't be fetched from npm`);
    }
    const found = nodeFor(sdk, path);
    return found.path === undefined ? skipAll(found.reason) : runSuites(sdk, found.path, files);
  });
}

/** A task of which tests that are skipped for one of the reasons do not count. */
export function taskOf(name: string, lacks: readonly string[], perform: () => Promise<TestSummary>): Task {
  return {
    name,
    async run() {
      const beganAtMs = Date.now();
      const summary = await perform();
      const seconds = Math.round((Date.now() - beganAtMs) / 1000);
      const isLacking = ({ reason }: { reason: string }) => lacks.includes(reason);
      return {
        ...summary,
        name,
        seconds,
        skipped: summary.skipped.filter((each) => !isLacking(each)),
        lacking: countReasons(summary.skipped.filter(isLacking)),
      };
    },
  };
}

export function skipAll(reason: string): TestSummary {
  return { passed: 0, failed: 0, skipped: [{ name: "all of it", reason }] };
}

/** All of them together, as `npm test` adds them to its own. */
export function totalOf(results: readonly TaskResult[]): TestSummary {
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    skipped: results.flatMap(({ name, skipped }) => skipped.map((each) => ({ name: `${name}: ${each.name}`, reason: each.reason }))),
  };
}

function countReasons(skipped: TestSummary["skipped"]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}
