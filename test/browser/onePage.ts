import { afterAll, type TestContext } from "vitest";
import { browserOrSkip } from "./browserOrSkip.ts";
import { type BrowserPage, openPage, type PageOptions, type Script } from "./openPage.ts";

/** One page for all tests of a file, opened by the first that needs it and closed after the last; where there is no browser they are skipped. */
export function onePage<Exports extends Script<Exports>>(options: () => Promise<Omit<PageOptions, "browserPath">>): (context: TestContext) => Promise<BrowserPage<Exports>> {
  let opening: Promise<BrowserPage<Exports>> | undefined;
  afterAll(() => opening?.then((page) => page.close(), () => undefined));
  return (context) => {
    const browserPath = browserOrSkip(context);
    return (opening ??= options().then((rest) => openPage<Exports>({ ...rest, browserPath })));
  };
}
