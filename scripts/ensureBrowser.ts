// Installs a Chromium where there is none and it may: as root on Debian. Elsewhere it says so and leaves it to the tests.
import { findBrowser, noBrowser } from "../test/browser/findBrowser.ts";
import { aptGet, mayInstall } from "./aptGet.ts";

if (findBrowser() === undefined && mayInstall) {
  aptGet("update");
  aptGet("install", "--yes", "--no-install-recommends", "chromium");
}
process.stdout.write(`Chromium: ${findBrowser() ?? noBrowser}\n`);
