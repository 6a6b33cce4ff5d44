import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { memoryKeys } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, contentsOf, world } from "../support/world.ts";
import { changes } from "../support/withDetails.ts";

describe.each(changes)("backups.%s", (_name, change) => {
  it("behavior: an archive that is not listed is ARCHIVE_NOT_FOUND", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups);
    store.manifests.delete(id);
    const before = contentsOf(store);
    for (const unknown of [id, crypto.randomUUID(), "../../etc/passwd", ""]) {
      await expect(change(backups, unknown)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    }
    expect(contentsOf(store)).toEqual(before);
  });

  it("behavior: without the key that made it, it is KEY_WRONG or KEY_MISSING", async () => {
    const { backups, store, host, clock } = world();
    const { id } = await backUp(backups);
    const before = contentsOf(store);
    for (const [code, keys] of [
      ["KEY_WRONG", memoryKeys(generateArchiveKey())],
      ["KEY_MISSING", memoryKeys()],
    ] as const) {
      await expect(change(createBackups({ host, store, keys, clock }), id)).rejects.toMatchObject({ code });
    }
    expect(contentsOf(store)).toEqual(before);
  });

  it("behavior: a manifest that was altered is ARCHIVE_DAMAGED and stays as it is", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups);
    const text = new TextDecoder().decode(store.manifests.get(id));
    store.manifests.set(id, new TextEncoder().encode(text.replace(/"createdAtMs": \d+/, '"createdAtMs": 1')));
    const before = contentsOf(store);
    await expect(change(backups, id)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
    expect(contentsOf(store)).toEqual(before);
  });

  it.each(["open", "list", "putManifest"])(
    "behavior: a store that fails at %s is STORE_FAILED, and the next call succeeds",
    async (method) => {
      const { backups, store } = world();
      const { id } = await backUp(backups);
      const before = contentsOf(store);
      store.failures.failNext(method, new Error("connection reset"));
      await expect(change(backups, id)).rejects.toMatchObject({ code: "STORE_FAILED" });
      expect(contentsOf(store)).toEqual(before);
      await expect(change(backups, id)).resolves.toMatchObject({ id });
    },
  );

  it.each(["open", "list", "putManifest"])(
    "parameters: signal: an abort at %s rejects with its reason and changes nothing",
    async (method) => {
      const { backups, store } = world();
      const { id } = await backUp(backups);
      const before = contentsOf(store);
      const controller = new AbortController();
      const reason = new Error("Enough.");
      store.failures.holdNext(method);
      const called = vi.spyOn(store, method as "open");
      const changing = change(backups, id, controller.signal);
      await vi.waitFor(() => expect(called).toHaveBeenCalled());
      controller.abort(reason);
      await expect(changing).rejects.toBe(reason);
      expect(contentsOf(store)).toEqual(before);
      await expect(change(backups, id, controller.signal)).rejects.toBe(reason);
    },
  );

  it("parameters: signal: a turn that is waited for is not waited for longer", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups);
    const release = store.failures.holdNext("putManifest");
    const first = backups.pin(id);
    const controller = new AbortController();
    const waiting = change(backups, id, controller.signal);
    const reason = new Error("Enough.");
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    release();
    await expect(first).resolves.toMatchObject({ details: { pinned: true } });
  });
});
