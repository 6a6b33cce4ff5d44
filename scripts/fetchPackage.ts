import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../node_modules/.cache/packages", import.meta.url));

/**
 * The folder of a package of npm in exactly that version, which is fetched unless it is there already.
 *
 * It lies apart from the workspace's own tree, so that its commands stand in for none of the workspace's.
 *
 * @throws when npm can't fetch it.
 */
export function fetchPackage(name: string, version: string): string {
  const root = join(cache, `${name.replaceAll("/", "+")}@${version}`);
  if (!existsSync(root)) install(name, version, root);
  return join(root, "node_modules", name);
}

function install(name: string, version: string, root: string): void {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "fetching-"));
  try {
    const args = [
      "install",
      "--prefix",
      work,
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--loglevel=error",
      `${name}@${version}`,
    ];
    execFileSync("npm", args, { cwd: work, stdio: ["ignore", "ignore", "pipe"], shell: process.platform === "win32" });
    renameSync(work, root);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
