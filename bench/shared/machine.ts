import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";

/** Where and on what the figures were measured. */
export type Machine = {
  date: string;
  commit: string;
  cpu: string;
  cores: number;
  memoryGB: number;
  /** The mean number of processes that wanted a core in the minute before, for each core. */
  loadPerCore: number;
  node: string;
  sdks: Record<string, string>;
};

const sdkNames = ["@xmtp/node-sdk", "@xmtp/browser-sdk"];

export function describeMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    commit: commit(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    loadPerCore: Number(((loadavg()[0] ?? 0) / cpus().length).toFixed(2)),
    node: process.version,
    sdks: Object.fromEntries(sdkNames.map((name) => [name, versionOf(name)])),
  };
}

function commit(): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no", "--", ":/", ":!/bench/results.md");
    return git("rev-parse", "--short", "HEAD") + (changed === "" ? "" : " with changes");
  } catch {
    return "unknown";
  }
}

function versionOf(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      return (JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8")) as { version: string }).version;
    } catch {
      // Not in this folder.
    }
  }
  return "unknown";
}
