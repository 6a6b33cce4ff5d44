import { afterAll, type TestContext } from "vitest";
import { browserOrSkip } from "./browserOrSkip.ts";

/** Opens something in a browser for all tests of a file, by the first that needs it, and closes it after the last; where there is no browser they are skipped. */
export function openOnce<T extends { close(): Promise<void> }>(
  open: (browserPath: string) => Promise<T>,
): (context: TestContext) => Promise<T> {
  let opening: Promise<T> | undefined;
  afterAll(() =>
    opening?.then(
      (opened) => opened.close(),
      () => undefined,
    ),
  );
  return (context) => {
    const browserPath = browserOrSkip(context);
    return (opening ??= open(browserPath));
  };
}
