import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** Every file below a folder with the hash of its bytes: equal before and after means that nothing changed. */
export async function filesIn(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const path of await pathsIn(folder))
    files[relative(folder, path)] = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  return files;
}

/** The paths of every file below a folder, in order; none when the folder is missing. */
export async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
