import { createBackups } from "@xmtp-backup/core";
import { describe, expect, it, vi } from "vitest";
import { backUp, contentsOf, world } from "../support/world.ts";
import { withDetails } from "../support/withDetails.ts";

describe("backups.verify", () => {
  it("default: a backup counts as verified when it was read back; a verification notes the time again", async () => {
    const { backups, store, host, keys, clock } = world();
    const entry = await backUp(backups, "Before");
    expect(entry.details?.verifiedAtMs).toBe(clock.now());
    const bytes = store.archives.get(entry.id)?.slice();
    clock.advance(86_400_000);
    const verified = await backups.verify(entry.id);
    expect(verified).toEqual(withDetails(entry, { verifiedAtMs: clock.now() }));
    expect(await createBackups({ host, store, keys, clock }).list()).toEqual([verified]);
    expect(store.archives.get(entry.id)).toEqual(bytes);
  });

  it.each<[string, string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>]>([
    [
      "a flipped bit in the middle",
      "ARCHIVE_DAMAGED",
      (bytes) => bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte)),
    ],
    ["a flipped bit at the start", "ARCHIVE_DAMAGED", (bytes) => bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte))],
    ["a missing last byte", "ARCHIVE_TRUNCATED", (bytes) => bytes.slice(0, -1)],
    ["a missing half", "ARCHIVE_TRUNCATED", (bytes) => bytes.slice(0, bytes.length >> 1)],
    ["a byte too many", "ARCHIVE_DAMAGED", (bytes) => new Uint8Array([...bytes, 0])],
    ["no bytes", "ARCHIVE_EMPTY", () => new Uint8Array()],
  ])("behavior: %s is %s, and the manifest stays as it was", async (_title, code, damage) => {
    const { backups, store, clock } = world();
    const { id } = await backUp(backups);
    store.archives.set(id, damage(store.archives.get(id)!));
    const before = contentsOf(store);
    clock.advance(1_000);
    await expect(backups.verify(id)).rejects.toMatchObject({ code });
    expect(contentsOf(store)).toEqual(before);
  });

  it("behavior: another archive in its place is damage, though it opens with the same key", async () => {
    const { backups, store } = world();
    const [{ id }, other] = [await backUp(backups), await backUp(backups)];
    store.archives.set(id, store.archives.get(other.id)!);
    await expect(backups.verify(id)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
  });

  it("behavior: one whose bytes are gone is ARCHIVE_NOT_FOUND", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups);
    store.archives.delete(id);
    const before = contentsOf(store);
    await expect(backups.verify(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    expect(contentsOf(store)).toEqual(before);
  });

  it("behavior: one that is removed meanwhile is ARCHIVE_NOT_FOUND and not listed again", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups);
    vi.spyOn(store, "get").mockImplementation(async () => {
      await backups.remove(id);
      return new Blob(["what a reader was left with"]);
    });
    await expect(backups.verify(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    expect(store.manifests.size).toBe(0);
  });

  it("behavior: a name that is given meanwhile stays", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups);
    const release = store.failures.holdNext("get");
    const verifying = backups.verify(id);
    await backups.rename(id, "Meanwhile");
    release();
    expect((await verifying).details?.name).toBe("Meanwhile");
  });

  it.each([true, false])(
    "parameters: onProgress: grows to the size of the archive, in a store whose features.local is %s",
    async (local) => {
      const { backups, store } = world();
      const { id, sizeBytes } = await backUp(backups);
      Object.assign(store.features, { local });
      const seen: number[] = [];
      await backups.verify(id, { onProgress: (doneBytes) => seen.push(doneBytes) });
      expect(seen.at(-1)).toBe(sizeBytes);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      // What is not fetched is hashed before it is decoded.
      expect(seen[0]).toBe(sizeBytes >> 1);
    },
  );

  it("parameters: signal: a verification that is aborted while it fetches changes nothing", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups);
    const before = contentsOf(store);
    const controller = new AbortController();
    const reason = new Error("Enough.");
    store.failures.holdNext("get");
    const get = vi.spyOn(store, "get");
    const verifying = backups.verify(id, { signal: controller.signal });
    await vi.waitFor(() => expect(get).toHaveBeenCalled());
    controller.abort(reason);
    await expect(verifying).rejects.toBe(reason);
    expect(contentsOf(store)).toEqual(before);
  });

  it("parameters: signal: a verification that is aborted while it reads changes nothing", async () => {
    const { backups, store, clock } = world();
    const { id } = await backUp(backups);
    clock.advance(1);
    const before = contentsOf(store);
    const controller = new AbortController();
    const reason = new Error("Enough.");
    await expect(backups.verify(id, { signal: controller.signal, onProgress: () => controller.abort(reason) })).rejects.toBe(reason);
    expect(contentsOf(store)).toEqual(before);
  });
});
