import { describe, expect, it } from "vitest";
import { loadOnce } from "./loadOnce.ts";

describe("loadOnce", () => {
  it("default: loads with the first call, and once", async () => {
    let loads = 0;
    const load = loadOnce("counts", async () => (loads += 1));
    expect(loads).toBe(0);
    expect(await Promise.all([load(), load()])).toEqual([1, 1]);
    expect(await load()).toBe(1);
  });

  it("behavior: a failure says what is missing, and the next call tries again", async () => {
    let loads = 0;
    const load = loadOnce("counts", async () => {
      loads += 1;
      if (loads === 1) throw new Error("offline");
      return loads;
    });
    await expect(load()).rejects.toMatchObject({
      code: "HOST_FAILED",
      shortMessage: "The code that counts could not be loaded.",
      retryable: true,
    });
    expect(await load()).toBe(2);
  });
});
