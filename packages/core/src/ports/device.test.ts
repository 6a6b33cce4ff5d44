import { describe, expect, it } from "vitest";
import { silentDevice } from "./device.ts";

describe("silentDevice", () => {
  it("default: knows nothing and says nothing", async () => {
    const stop = silentDevice.watch(() => {
      throw new Error("It said something.");
    });
    expect(await silentDevice.conditions()).toEqual({});
    stop();
  });

  it("parameters: signal: an aborted call rejects with its reason", async () => {
    const reason = new Error("Enough.");
    await expect(silentDevice.conditions({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
