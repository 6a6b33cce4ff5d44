import { expect, test } from "vitest";
import { compatibility, toTables } from "../scripts/sdks/compatibility.ts";
import { readTables } from "../scripts/sdks/compatibilityPage.ts";

test("default: docs/compatibility.md names what is installed and declared", () => {
  const tables = readTables();
  // The browser is the machine's: the page says which one the run that wrote it had.
  const chromium = /Chromium (\d+)/.exec(tables)?.[1] ?? "";
  expect(tables).toBe(toTables(compatibility(chromium)));
});
