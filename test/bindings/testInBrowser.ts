import { afterAll, describe, expect, type TestContext, test } from "vitest";
import { browserOrSkip } from "../browser/browserOrSkip.ts";
import { type BrowserPage, openPage, type PageOptions } from "../browser/openPage.ts";

/** What the page of a framework's bindings exports. */
type Script = {
  versionOf(): string;
  /** Runs the behaviour of that name; rejects with what is wrong. */
  run(name: string): Promise<void>;
};

export type BrowserTestOptions = Omit<PageOptions, "browserPath"> & {
  /** The framework's major version. */
  version: string;
  names: readonly string[];
};

/** A test for each behaviour, in one page of a real browser. */
export function testInBrowser(title: string, { names, version, ...options }: BrowserTestOptions): void {
  let opening: Promise<BrowserPage<Script>> | undefined;
  const pageFor = (context: TestContext) => {
    const browserPath = browserOrSkip(context);
    return (opening ??= openPage<Script>({ browserPath, ...options }));
  };

  describe(title, { timeout: 60_000 }, () => {
    afterAll(() =>
      opening?.then(
        (page) => page.close(),
        () => {},
      ),
    );

    test("default: it is the version that it is meant to be", async (context) => {
      const page = await pageFor(context);
      expect((await page.call("versionOf")).split(".")[0]).toBe(version);
    });

    test.for(names)("%s", async (name, context) => {
      const page = await pageFor(context);
      await page.call("run", name);
    });
  });
}
