import type { TestContext } from "vitest";
import { openOnce } from "./openOnce.ts";
import { type BrowserPage, openPage, type PageOptions, type Script } from "./openPage.ts";

/** One page for all tests of a file, opened by the first that needs it and closed after the last; where there is no browser they are skipped. */
export function onePage<Exports extends Script<Exports>>(
  options: () => Promise<Omit<PageOptions, "browserPath">>,
): (context: TestContext) => Promise<BrowserPage<Exports>> {
  return openOnce(async (browserPath) => openPage<Exports>({ ...(await options()), browserPath }));
}
