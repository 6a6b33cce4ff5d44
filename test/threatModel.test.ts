import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), "utf8");
const doc = await read("docs/threat-model.md");

/** Every row's test: its file, and its name where the row names one. */
const named = [...doc.matchAll(/^\|[^\n]*\| `([^`]+)`: (?:"(.+)"|whole file) \|$/gm)].map(([, file = "", name]) => ({ file, name }));

describe("docs/threat-model.md", () => {
  it("default: each row of its tables names a test", () => {
    const rows = doc.split("\n").filter((line) => line.startsWith("| ") && !/^\| (they can|what happens) \|/.test(line));
    expect(rows.length).toBeGreaterThan(20);
    expect(named).toHaveLength(rows.length);
  });

  it.each(named)("behavior: there is such a test: $file $name", async ({ file, name }) => {
    const source = await read(file);
    expect(source).toContain(name ?? "");
  });
});
