import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { vi } from "vitest";

type Flush = (this: { stat(): Promise<{ isDirectory(): boolean }> }) => Promise<void>;

/** Lets the flush of every folder, or of every file, fail with a system's code, as network drives, FUSE and WSL do; ends with `vi.restoreAllMocks`. */
export async function refuseFlushes(of: "folders" | "files", code: string): Promise<{ refused: () => number }> {
  const probe = await open(tmpdir(), "r");
  const handles = Object.getPrototypeOf(probe) as { sync: Flush };
  await probe.close();
  const { sync } = handles;
  let refused = 0;
  vi.spyOn(handles, "sync").mockImplementation(async function (this: ThisParameterType<Flush>) {
    if ((await this.stat()).isDirectory() !== (of === "folders")) return sync.call(this);
    refused += 1;
    throw Object.assign(new Error(`${code}: fsync`), { code, syscall: "fsync" });
  });
  return { refused: () => refused };
}
