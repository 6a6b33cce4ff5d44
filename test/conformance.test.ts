import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), "utf8");
const page = await read("packages/archive/README.md");
const [, conformance = ""] = page.split("\n## Conformance\n");

/** The rules of the page: a bold sentence and what happens, in one or more lines, and below it the tests that hold it. */
const rules = conformance
  .split(/^- (?=\*\*)/m)
  .slice(1)
  .map((rule) => rule.split(/\n(?=#|\n)/)[0]?.trimEnd() ?? "");
const testsIn = (rule: string) => [...rule.matchAll(/^ {2}- `([^`]+)`: "([^"]+)"$/gm)].map(([, file = "", name = ""]) => ({ file, name }));
const named = [...new Map(rules.flatMap(testsIn).map((test) => [`${test.file} ${test.name}`, test])).values()];

describe("packages/archive/README.md", () => {
  it("default: each of its rules says what happens, and names tests", () => {
    expect(rules.length).toBeGreaterThan(30);
    for (const rule of rules) {
      const [said = "", ...tests] = rule.split(/\n {2}- /);
      expect(said, rule).toMatch(/^\*\*[^*]+\*\* \S[^]*\.$/);
      expect(tests.length, rule).toBeGreaterThan(0);
      for (const test of tests) expect(test, rule).toMatch(/^`[^`]+`: "[^"]+"$/);
    }
  });

  it.each(named)("behavior: there is such a test: $file: $name", async ({ file, name }) => {
    const source = (await read(file)).replaceAll(/\(\s+"/g, '("');
    expect(source.includes(`("${name}"`), `${file} has no test "${name}"`).toBe(true);
  });
});
