import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../scripts/packages/readPackages.ts";
import { testedSdks } from "../scripts/sdks/testedSdks.ts";

type Fact = { anchor: string; text: string };

const page = await readFile(join(root, "docs/sdk-facts.md"), "utf8");
const facts: Fact[] = page
  .split(/^### /mu)
  .slice(1)
  .map((part) => ({ anchor: part.slice(0, part.indexOf("\n")), text: part.split(/^## /mu)[0] ?? "" }));
const versions = testedSdks.map(({ name, version }) => `${name.replace("@xmtp/", "")} ${version.replace(/-nightly\..*/u, "-nightly")}`);

/** Where sources link to facts, by the anchor. */
const linked = new Map<string, string[]>();
for (const path of globSync("{packages,examples}/*/src/**/*.{ts,tsx}", { cwd: root })) {
  for (const [, anchor = ""] of (await readFile(join(root, path), "utf8")).matchAll(/docs\/sdk-facts\.md#([\w-]*)/gu)) {
    linked.set(anchor, [...(linked.get(anchor) ?? []), path]);
  }
}

/** The entries of a line of a fact, such as its tests. */
function entriesOf({ text }: Fact, label: string): string[] {
  return new RegExp(`^- ${label}: (.+)$`, "mu").exec(text)?.[1]?.split(", ") ?? [];
}

describe("docs/sdk-facts.md", () => {
  it("default: every link of a source leads to a fact", () => {
    expect(facts.length).toBeGreaterThan(40);
    const anchors = new Set(facts.map(({ anchor }) => anchor));
    expect(anchors.size).toBe(facts.length);
    expect([...linked].filter(([anchor]) => !anchors.has(anchor))).toEqual([]);
  });

  it.each(facts)("behavior: $anchor names its versions and tests, and a source relies on it", (fact) => {
    const tests = entriesOf(fact, "Shown by").map((each) => each.replaceAll("`", ""));
    expect(tests).not.toEqual([]);
    expect(tests.filter((path) => !/\.test\.ts$/u.test(path) || !existsSync(join(root, path)))).toEqual([]);
    const seen = entriesOf(fact, "Seen in");
    expect(seen).not.toEqual([]);
    // Others than the tested versions are drafts and versions that a test imitates.
    expect(seen.filter((each) => !versions.includes(each) && !each.startsWith("the "))).toEqual([]);
    expect(linked.get(fact.anchor) ?? []).not.toEqual([]);
  });
});
