import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchPackage } from "../fetchPackage.ts";

/** The version that everything runs on. */
export const ownNode: string = ownVersion();

/** Further versions: the oldest and the newest that the suites run on. */
export const otherNodes = ["22.23.3", "26.10.0"] as const;

/** Path of a Node of that version. */
export function nodeOfVersion(version: string): string {
  if (version === ownNode) return process.execPath;
  const isWindows = process.platform === "win32";
  const folder = fetchPackage(`node-${isWindows ? "win" : process.platform}-${process.arch}`, version);
  return join(folder, "bin", isWindows ? "node.exe" : "node");
}

function ownVersion(): string {
  const { devDependencies } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    devDependencies: { node: string };
  };
  return devDependencies.node;
}
