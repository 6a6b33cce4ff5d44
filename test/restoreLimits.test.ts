import { readFile } from "node:fs/promises";
import { restoreLimits } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";

const page = await readFile(new URL("../docs/restore-limits.md", import.meta.url), "utf8");

/** The cells of each row of the table with this first heading, without the headings. */
function rowsOf(firstHeading: string): string[][] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${firstHeading} |`));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("docs/restore-limits.md", () => {
  it("default: the table of limits has those of the code, in their order, and no others", () => {
    expect(rowsOf("limit").map(([limit]) => limit)).toEqual(restoreLimits.map((limit) => `\`${limit}\``));
  });

  it.each(rowsOf("limit").map((cells) => [cells[0], cells] as const))(
    "behavior: %s has what it means, why, and what helps",
    (_limit, cells) => {
      expect(cells).toHaveLength(4);
      for (const cell of cells.slice(1)) expect(cell).toMatch(/^\S.*\.$/);
    },
  );

  it("behavior: what is left out is named as results name it", () => {
    expect(rowsOf("in `leftOut`").map(([reason]) => reason)).toEqual(
      ["deleted", "expired", "unsent", "oddDms"].map((reason) => `\`${reason}\``),
    );
  });
});
