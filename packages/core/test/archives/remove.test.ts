import { describe, expect, it } from "vitest";
import { backUp, world } from "../support/world.ts";

describe("backups.remove", () => {
  it("default: removes a pinned and named archive too: the user says so", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups, "Before");
    await backups.pin(id);
    await backups.remove(id);
    await backups.remove(id);
    expect(store.archives.size + store.manifests.size).toBe(0);
  });

  it("behavior: a store that fails is STORE_FAILED; an abort rejects with its reason", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups);
    store.failures.failNext("remove", new Error("connection reset"));
    await expect(backups.remove(id)).rejects.toMatchObject({ code: "STORE_FAILED" });
    const reason = new Error("Enough.");
    await expect(backups.remove(id, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await backups.list()).toHaveLength(1);
  });
});
