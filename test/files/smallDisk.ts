import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { TestContext } from "vitest";

/** A disk of its own in memory, which can be made larger. */
export type SmallDisk = { path: string; resize(bytes: number): void; dispose(): void };

const reason = "only root on Linux can mount a small disk";

/** Mounts a disk of so many bytes; where that is not possible the test is skipped with the reason, or fails on CI, where nothing may be skipped. */
export function smallDiskOrSkip(context: Pick<TestContext, "skip">, path: string, bytes: number): SmallDisk {
  try {
    mkdirSync(path, { recursive: true });
    mount("-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path);
  } catch (error) {
    if (process.env["CI"] === "true" && process.getuid?.() === 0) throw error;
    return context.skip(reason);
  }
  return {
    path,
    resize: (size) => mount("-o", `remount,size=${size}`, path),
    dispose: () => void execFileSync("umount", ["-l", path], { stdio: "pipe" }),
  };
}

function mount(...options: string[]): void {
  execFileSync("mount", options, { stdio: "pipe" });
}
