import { readFile } from "node:fs/promises";
import { restoreLimits } from "@xmtp-backup/core";
import { expect, it } from "vitest";

it.each(restoreLimits)("behavior: the limit %s is explained in the docs", async (limit) => {
  expect(await readFile(new URL("../docs/restore-limits.md", import.meta.url), "utf8")).toContain(`| \`${limit}\` |`);
});
