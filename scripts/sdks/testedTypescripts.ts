import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchPackage } from "../fetchPackage.ts";

/** Versions that are fetched for the test: the oldest that reads the packages' declarations, and the last of its line. */
export const otherTypescripts = ["5.0.4", "5.9.3"] as const;

/** The workspace's own packages of TypeScript. */
const own = ["typescript", "@typescript/native"].map((name) => fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)));

/** The workspace's own versions. */
export const ownTypescripts: readonly string[] = own.map((folder) => manifestOf(folder).version);

/** Path of the compiler's script in that version. */
export function compilerOf(version: string): string {
  const folder = own.find((each) => manifestOf(each).version === version) ?? fetchPackage("typescript", version);
  const [bin = ""] = Object.entries(manifestOf(folder).bin).flatMap(([name, path]) => (name.startsWith("tsc") ? [path] : []));
  return join(folder, bin);
}

function manifestOf(folder: string): { version: string; bin: Record<string, string> } {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string; bin: Record<string, string> };
}
