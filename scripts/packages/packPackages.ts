import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Package, root } from "./readPackages.ts";

/** A package as npm would publish it, in a file of this machine. */
export type PackedPackage = Package & { tarball: string; files: string[] };

type PackReport = { name: string; filename: string; files: { path: string }[] };

const run = promisify(execFile);

/** Packs packages that are built already into a folder, by npm itself. */
export async function packPackages(packages: readonly Package[], folder: string): Promise<PackedPackage[]> {
  const args = [
    "pack",
    "--json",
    "--ignore-scripts",
    "--pack-destination",
    folder,
    ...packages.flatMap(({ json }) => ["--workspace", json.name]),
  ];
  const { stdout } = await run("npm", args, { cwd: root, maxBuffer: 1 << 26, shell: process.platform === "win32" });
  const answer = JSON.parse(stdout) as PackReport[] | Record<string, PackReport>;
  const reports = new Map(Object.values(answer).map((report) => [report.name, report]));
  return packages.map((each) => {
    const report = reports.get(each.json.name);
    if (!report) throw new Error(`npm packed no ${each.json.name}.`);
    return { ...each, tarball: join(folder, report.filename), files: report.files.map(({ path }) => path) };
  });
}
