import { execFileSync } from "node:child_process";
import { findBrowser } from "../../test/browser/findBrowser.ts";

/** The major version of the Chromium that the tests use; undefined where there is none. */
export function chromiumVersion(): string | undefined {
  const browser = findBrowser();
  if (browser === undefined) return undefined;
  return / (\d+)\./.exec(execFileSync(browser, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))?.[1];
}
