import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { whileHeld } from "./whileHeld.ts";

const refusal = (code: string) => Object.assign(new Error(code), { code });

describe("whileHeld", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.dispose());

  /** Tries a change that is refused so many times, without waiting; answers with its outcome and the pauses that were asked for. */
  async function attempt(code: string, refusals: number, path = join(folder.path, "file")) {
    const pausesMs: number[] = [];
    let tries = 0;
    const change = async () => {
      tries += 1;
      if (tries <= refusals) throw refusal(code);
      return "changed";
    };
    const outcome = await whileHeld(path, change, async (delayMs) => pausesMs.push(delayMs)).catch((error: unknown) => error);
    return { outcome, pausesMs, totalMs: pausesMs.reduce((sum, each) => sum + each, 0) };
  }

  it.each(["EPERM", "EACCES", "EBUSY"])("default: tries again when a file is held (%s)", async (code) => {
    expect(await attempt(code, 3)).toMatchObject({ outcome: "changed", pausesMs: [10, 20, 40] });
  });

  it("behavior: gives up after about a second, with the code of a file in use", async () => {
    const { outcome, totalMs } = await attempt("EPERM", Infinity);
    expect(outcome).toMatchObject({ code: "EBUSY", cause: { code: "EPERM" } });
    expect(totalMs).toBeGreaterThan(900);
    expect(totalMs).toBeLessThan(1_500);
  });

  it.each(["ENOENT", "ENOSPC", "EROFS"])("behavior: %s is not waited for", async (code) => {
    expect(await attempt(code, Infinity)).toMatchObject({ outcome: { code }, pausesMs: [] });
  });

  it("behavior: a folder that can't be written is not waited for", async () => {
    expect(await attempt("EACCES", Infinity, join(folder.path, "missing", "file"))).toMatchObject({
      outcome: { code: "EACCES" },
      pausesMs: [],
    });
  });
});
