import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { readFirstByte } from "./readFirstByte.ts";

/** A file that nothing comes of, as of one that a system can't download, until the test is over. */
async function silentFile(): Promise<string> {
  const { path, dispose } = await temporaryFolder();
  const file = join(path, "silent");
  await promisify(execFile)("mkfifo", [file]);
  onTestFinished(async () => {
    await (await open(file, "r+")).close();
    await dispose();
  });
  return file;
}

describe.runIf(process.platform !== "win32")("readFirstByte", () => {
  it("parameters: waitMs: a file that does not come in time is STORE_UNAVAILABLE", async () => {
    await expect(readFirstByte(await silentFile(), { waitMs: 0 })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("parameters: signal: ends the waiting with its reason", async () => {
    const [controller, reason] = [new AbortController(), new Error("Enough.")];
    const reading = readFirstByte(await silentFile(), { signal: controller.signal, waitMs: 600_000 });
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  it("behavior: a missing file is the system's error", async () => {
    await expect(readFirstByte("/nowhere/at/all", { waitMs: 1000 })).rejects.toMatchObject({ code: "ENOENT" });
  });
});
