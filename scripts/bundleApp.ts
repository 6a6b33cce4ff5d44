import { resolve } from "node:path";
import { build, type Metafile } from "esbuild";

export type AppBundle = {
  /** The files that load at once: the entry and what it imports, paths from the root of the repository. */
  first: string[];
  /** The same, and what is loaded when the code of these source files is. */
  with(...sources: string[]): string[];
  /** Every file, whatever of it is ever loaded. */
  all: string[];
  /** The source files of which something is in these files. */
  sourcesOf(files: readonly string[]): string[];
};

export type BundleOptions = {
  /** Where its files are written, under `node_modules/.cache/sizes`. */
  name: string;
  /** What is left to the app. @default nothing */
  external?: string[];
};

/** Bundles, minifies and splits an app's code as it is published, each part that is loaded by itself in files of its own. */
export async function bundleApp(code: string, { name, external = [] }: BundleOptions): Promise<AppBundle> {
  const { metafile } = await build({
    stdin: { contents: code, resolveDir: "scripts", sourcefile: "app.js" },
    absWorkingDir: resolve(import.meta.dirname, ".."),
    outdir: `node_modules/.cache/sizes/${name}`,
    entryNames: "app",
    bundle: true,
    minify: true,
    splitting: true,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    conditions: ["@xmtp-backup/source", "module"],
    external,
    logLevel: "silent",
  });
  return toAppBundle(metafile);
}

function toAppBundle({ outputs }: Metafile): AppBundle {
  const all = Object.keys(outputs);

  function add(file: string, files: Set<string>): Set<string> {
    if (files.has(file)) return files;
    files.add(file);
    for (const { kind, path } of outputs[file]?.imports ?? []) if (kind === "import-statement" && outputs[path]) add(path, files);
    return files;
  }

  function entryOf(source: string): string {
    const entry = all.find((file) => outputs[file]?.entryPoint === source);
    if (!entry) throw new Error(`${source} is not loaded by itself.`);
    return entry;
  }

  const first = [...add(entryOf("scripts/app.js"), new Set())];
  return {
    first,
    with: (...sources) => [...sources.reduce((files, source) => add(entryOf(source), files), new Set(first))],
    all,
    sourcesOf: (files) =>
      files.flatMap((file) =>
        Object.entries(outputs[file]?.inputs ?? {}).flatMap(([source, { bytesInOutput }]) => (bytesInOutput > 0 ? [source] : [])),
      ),
  };
}
