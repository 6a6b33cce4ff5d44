import type { TestSummary } from "../vitestSummary.ts";
import { nodeFor } from "./nodeFor.ts";
import type { SdkRun } from "./planRuns.ts";
import { runSuites } from "./runSuites.ts";
import { nodeOfVersion } from "./testedNodes.ts";

/** What came of a run; `lacking` are tests of what that version of the SDK does not have, by the reason. */
export type SdkResult = SdkRun & TestSummary & { lacking: ReadonlyMap<string, number>; seconds: number };

/** Runs the suites on a version of an SDK; where it can't load here, the whole run counts as skipped. */
export async function runSdk(run: SdkRun): Promise<SdkResult> {
  const beganAtMs = Date.now();
  const summary = await attempt(run);
  const isLacking = ({ reason }: { reason: string }) => run.sdk.lacks.includes(reason);
  return { ...run, ...summary, skipped: summary.skipped.filter((each) => !isLacking(each)), lacking: countBy(summary.skipped.filter(isLacking)), seconds: Math.round((Date.now() - beganAtMs) / 1000) };
}

/** As a person reads it. */
export function nameOf({ sdk, node }: SdkRun): string {
  return `${sdk.name} ${sdk.version}, Node ${node}`;
}

async function attempt({ sdk, node, files }: SdkRun): Promise<TestSummary> {
  const skip = (reason: string): TestSummary => ({ passed: 0, failed: 0, skipped: [{ name: "all of it", reason }] });
  let path: string;
  try {
    path = nodeOfVersion(node);
  } catch {
    return skip(`Node ${node} can't be fetched from npm`);
  }
  const found = nodeFor(sdk, path);
  return found.path === undefined ? skip(found.reason) : runSuites(sdk, found.path, files);
}

function countBy(skipped: TestSummary["skipped"]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}
