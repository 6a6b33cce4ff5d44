import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { davServers } from "./servers/davServers.ts";
import { s3Servers } from "./servers/s3Servers.ts";
import type { TestedServer } from "./servers/testedServer.ts";

const orderings: Readonly<Record<TestedServer["orders"], string>> = {
  "new and changed": "one is refused",
  new: "one is refused where the ring is new",
  changed: "one is refused, except where the ring is new",
  none: "the later one wins",
};

type Row = TestedServer & { writesRanges?: boolean; tellsQuota?: boolean };

function rowOf({ name, version, orders, inPage = false, writesRanges = true, tellsQuota = false }: Row): string {
  return `| ${[name, version, writesRanges ? "goes on" : "begins again", orderings[orders], tellsQuota ? "yes" : "no", inPage ? "yes" : "no"].join(" | ")} |`;
}

it("docs/stores.md: its tested servers are those that the suites go over, and do what the suites look for", async () => {
  const docs = await readFile(new URL("../../../docs/stores.md", import.meta.url), "utf8");
  const [, section = ""] = /\n## Tested servers\n([^]*?)\n## /.exec(docs) ?? [];
  const rows = section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1);
  expect(rows).toEqual([...davServers, ...s3Servers].map(rowOf));
});
