import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import config from "../vitest.config.ts";
import { root } from "../scripts/packages/readPackages.ts";

type Project = { name: string; files: readonly string[] };

/** The projects of the configuration with their test files. */
const projects = (config.test?.projects as { test: { name: string; include: string[]; exclude?: string[] } }[]).map(({ test }): Project => {
  const excluded = new Set((test.exclude ?? []).flatMap((pattern) => globSync(pattern, { cwd: root })));
  return {
    name: test.name,
    files: test.include.flatMap((pattern) => globSync(pattern, { cwd: root })).filter((file) => !excluded.has(file)),
  };
});
const filesOf = (name: string) => projects.find((project) => project.name === name)?.files ?? [];

/** What only the other projects may import: an SDK, a browser, and what a server listens with. */
const needsMore = /^(@xmtp\/|playwright-core$|@xmtp-backup\/local-network$|(node:)?(http|https|http2|net)$)/;

/** What a test file and its helpers import at run time, with the way there; the sources of the packages are not looked into. */
function importsOf(file: string, seen = new Set<string>()): { specifier: string; by: string }[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const source = readFileSync(join(root, file), "utf8");
  const specifiers = [...source.matchAll(/^(?:import|export)(?! type\b)(?:[^"'`;]*? from)? "([^"]+)"|\bimport\("([^"]+)"\)/gm)].map(
    ([, fixed, later]) => (fixed ?? later) as string,
  );
  return specifiers.flatMap((specifier) => {
    const target = join(dirname(file), specifier);
    const isHelper = /^\..*\.tsx?$/.test(specifier) && !target.includes("/src/") && existsSync(join(root, target));
    return isHelper ? importsOf(target, seen) : [{ specifier, by: file }];
  });
}

describe("the projects of tests", () => {
  it("default: every test file belongs to one of them", () => {
    const all = globSync(
      ["packages/**/*.test.ts", "examples/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts", "bench/**/*.test.ts"],
      { cwd: root, exclude: ["**/node_modules"] },
    );
    expect(projects.flatMap(({ files }) => files).sort()).toEqual(all.sort());
    expect(projects.filter(({ files }) => files.length === 0)).toEqual([]);
  });

  it("behavior: a unit test imports no SDK, no browser and nothing that listens", () => {
    const found = filesOf("unit").flatMap((file) =>
      importsOf(file)
        .filter(({ specifier }) => needsMore.test(specifier))
        .map(({ specifier, by }) => `${file}: ${specifier} in ${by}`),
    );
    expect(found).toEqual([]);
  });
});
