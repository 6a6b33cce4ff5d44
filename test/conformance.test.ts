import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), "utf8");
const page = await read("packages/archive/README.md");
const [, tables = ""] = page.split("\n## Conformance\n");

const rows = tables.split("\n").filter((line) => line.startsWith("| ") && !/^\| (rule|open) \|/.test(line));
const testsIn = (cell: string) => [...cell.matchAll(/`([^`]+)`: "([^"]+)"/g)].map(([, file = "", name = ""]) => ({ file, name }));
const lastCell = (row: string) => row.slice(0, -2).split(" | ").at(-1) ?? "";
const named = [...new Map(rows.flatMap((row) => testsIn(lastCell(row))).map((test) => [`${test.file} ${test.name}`, test])).values()];

describe("packages/archive/README.md", () => {
  it("default: each row of its tables names a rule, what happens and a test, and nothing beside tests in the last column", () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) {
      expect(row.slice(2, -2).split(" | "), row).toHaveLength(3);
      expect(lastCell(row).replaceAll(/`[^`]+`: "[^"]+"/g, "-"), row).toMatch(/^-(; -)*$/);
    }
  });

  it.each(named)("behavior: there is such a test: $file: $name", async ({ file, name }) => {
    const source = await read(file);
    expect(source.includes(`("${name}"`), `${file} has no test "${name}"`).toBe(true);
  });
});
