import type { TestContext } from "vitest";
import { nodeOnNewerLibc } from "../scripts/nodeOnNewerLibc.ts";

/** Path of a Node that loads node-sdk 6.0.0; where there is none the test is skipped with the reason, or fails on CI, where nothing may be skipped. */
export function newerNodeOrSkip(context: Pick<TestContext, "skip">): string {
  const { path, reason } = nodeOnNewerLibc();
  if (path !== undefined) return path;
  if (process.env["CI"] === "true") throw new Error(reason);
  return context.skip(reason);
}
