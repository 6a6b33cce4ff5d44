import { expect, test } from "vitest";
import { compatibility, toTables } from "../scripts/sdks/compatibility.ts";
import { pages, readTables } from "../scripts/sdks/compatibilityPage.ts";

test.each(pages)("default: %s names what is installed and declared", (page) => {
  const tables = readTables(page);
  // The browser is the machine's: the page says which one the run that wrote it had.
  const chromium = /Chromium (\d+)/.exec(tables)?.[1] ?? "";
  expect(tables).toBe(toTables(compatibility(chromium)));
});
