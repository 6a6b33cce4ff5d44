import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { root } from "../scripts/packages/readPackages.ts";

type Graph = ReadonlyMap<string, readonly string[]>;

/** What each source of a package imports of the package itself: types too, and what is loaded later. */
async function graphOf(name: string): Promise<Graph> {
  const src = join(root, "packages", name, "src");
  const entries = await readdir(src, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .map(({ parentPath, name: file }) => join(parentPath, file));
  const importsOf = (file: string) => {
    const specifiers = [...readFileSync(file, "utf8").matchAll(/(?:\bfrom |\bimport\(|^import )"(\.[^"]+)"/gm)].map(([, specifier]) =>
      join(dirname(file), specifier as string),
    );
    return specifiers.filter((target) => existsSync(target)).map((target) => relative(src, target));
  };
  return new Map(files.map((file) => [relative(src, file), importsOf(file)]));
}

/** A way from a file back to itself, if there is one. */
function findCircle(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const target of graph.get(file) ?? []) {
      const circle = visit(target, [...way, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

/** Pairs of folders that import each other. Lists of exports only pass on, and belong to no folder. */
function findPairs(graph: Graph): string[] {
  const isList = (file: string) => /(^|\/)(index|exports)\.tsx?$/.test(file);
  const edges = new Set<string>();
  for (const [file, targets] of graph) {
    for (const target of targets)
      if (!isList(file) && !isList(target) && dirname(file) !== dirname(target)) edges.add(`${dirname(file)} → ${dirname(target)}`);
  }
  return [...edges].filter((edge) => edges.has(edge.split(" → ").reverse().join(" → "))).sort();
}

const packages = await readdir(join(root, "packages"));

test.each(packages)("default: no file of %s imports itself by way of others", async (name) => {
  const graph = await graphOf(name);
  expect(graph.size).toBeGreaterThan(0);
  expect(findCircle(graph)).toBeUndefined();
});

test.each(packages)("default: no two folders of %s import each other", async (name) => {
  expect(findPairs(await graphOf(name))).toEqual([]);
});

test("behavior: a circle by way of a third file is found, and a pair of folders", () => {
  const graph = new Map([
    ["a/one.ts", ["b/two.ts"]],
    ["b/two.ts", ["a/three.ts"]],
    ["a/three.ts", []],
    ["c/four.ts", ["c/five.ts"]],
    ["c/five.ts", ["c/six.ts"]],
    ["c/six.ts", ["c/four.ts"]],
  ]);
  expect(findCircle(graph)).toEqual(["c/four.ts", "c/five.ts", "c/six.ts", "c/four.ts"]);
  expect(findPairs(graph)).toEqual(["a → b", "b → a"]);
});
