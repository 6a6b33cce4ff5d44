import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { describe, expect, it } from "vitest";

/** What a bundler makes of an app that imports `createBackups`: all of its code, and what the first screen loads of it. */
async function bundle(external: string[] = []) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { createBackups } from "@xmtp-backup/core";`, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    outdir: "out",
    conditions: ["@xmtp-backup/source"],
    external,
    logLevel: "silent",
  });
  const sizes = new Map(outputFiles.map(({ path, contents }) => [path.slice(path.lastIndexOf("/") + 1), gzipSync(contents, { level: 9 }).length]));
  const first = firstLoaded(metafile);
  const sizeOf = (paths: Iterable<string>) => [...paths].reduce((sum, path) => sum + (sizes.get(path.slice(path.lastIndexOf("/") + 1)) ?? 0), 0);
  return {
    firstModules: [...first].flatMap((path) => Object.entries(metafile.outputs[path]?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([module]) => module)),
    firstBytes: sizeOf(first),
    allBytes: sizeOf(Object.keys(metafile.outputs)),
  };
}

/** The entry and what it imports at once. */
function firstLoaded({ outputs }: Metafile): Set<string> {
  const loaded = new Set<string>();
  const load = (path: string) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { kind, path: next } of outputs[path]?.imports ?? []) if (kind === "import-statement" && outputs[next]) load(next);
  };
  load(Object.keys(outputs).find((path) => outputs[path]?.entryPoint !== undefined && path.endsWith("stdin.js")) ?? "");
  return loaded;
}

describe("an app that only shows how backups stand", () => {
  it("default: does not load the code that reads and writes archives", async () => {
    const { firstModules, firstBytes, allBytes } = await bundle();
    expect(firstModules.length).toBeGreaterThan(10);
    expect(firstModules.filter((module) => /packages\/archive\/|actors\/(backupRun|restoreRun|inspectArchive|exportSlices|importChunks)/.test(module))).toEqual([]);
    expect(firstBytes).toBeLessThan(allBytes * 0.7);
  });
});
