import type { TestContext } from "vitest";
import { findBrowser, noBrowser } from "./findBrowser.ts";

/** Path of a Chromium; where there is none the test is skipped with the reason, or fails on CI, where nothing may be skipped. */
export function browserOrSkip(context: Pick<TestContext, "skip">): string {
  const browserPath = findBrowser();
  if (browserPath !== undefined) return browserPath;
  if (process.env["CI"] === "true") throw new Error(noBrowser);
  return context.skip(noBrowser);
}
