import { BackupError, createBackups, generateArchiveKey, keyFingerprint } from "@xmtp-backup/core";
import { fakeHost, memoryKeys } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { backUp, contentsOf, world } from "../support/world.ts";

/** One archive, pinned and named, and a newer key. */
async function rotated() {
  const all = world();
  const { id } = await backUp(all.backups, "Before");
  const old = await all.backups.pin(id);
  const newest = generateArchiveKey();
  await all.keys.add(newest);
  return { ...all, old, newest };
}

describe("backups.rekey", () => {
  it("default: a copy that the newest key alone opens takes the archive's place", async () => {
    const { backups, store, host, old, newest, clock } = await rotated();
    clock.advance(5_000);
    const copy = await backups.rekey(old.id);
    expect(copy).toMatchObject({ createdAtMs: old.createdAtMs, keyFingerprint: keyFingerprint(newest), seal: "open" });
    const { sha256: _old, verifiedAtMs: _before, ...same } = old.details!;
    expect(copy.details).toMatchObject({ ...same, verifiedAtMs: clock.now() });
    expect(await backups.list()).toEqual([copy]);
    expect([...store.archives.keys()]).toEqual([copy.id]);
    expect(host.unreleased).toBe(0);

    const fresh = createBackups({ host: fakeHost(), store, keys: memoryKeys(newest), clock });
    expect(await fresh.restore(copy).result).toMatchObject({ messages: { restored: 6, expected: 6 } });
  });

  it("behavior: one that has the newest key stays as it is", async () => {
    const { backups, store, old } = await rotated();
    const { id } = await backups.rekey(old.id);
    const before = contentsOf(store);
    expect((await backups.rekey(id)).id).toBe(id);
    expect(contentsOf(store)).toEqual(before);
  });

  it("behavior: where the store loses the copy before it is in place, the old archive stays and no copy is listed", async () => {
    const { backups, store, old } = await rotated();
    const putManifest = store.putManifest.bind(store);
    store.putManifest = async (id, manifest, options) => {
      store.archives.delete(id);
      await putManifest(id, manifest, options);
    };
    await expect(backups.rekey(old.id)).rejects.toMatchObject({ code: "STORE_MISMATCH" });
    expect([...store.archives.keys()]).toEqual([old.id]);
    expect([...store.manifests.keys()]).toEqual([old.id]);
  });

  it.each(["spool", "put", "putManifest"])("behavior: where %s fails, the old archive stays and no copy is left", async (method) => {
    const { backups, store, host, old } = await rotated();
    const before = contentsOf(store);
    (method === "spool" ? host : store).failures.failNext(method, new BackupError("STORE_FULL", "The disk is full."));
    await expect(backups.rekey(old.id)).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(contentsOf(store)).toEqual(before);
    expect(host.unreleased).toBe(0);
  });

  it("behavior: where the old one can't be removed, both are there", async () => {
    const { backups, store, old } = await rotated();
    store.failures.failNext("remove", new BackupError("STORE_DENIED", "It may not be removed."));
    await expect(backups.rekey(old.id)).rejects.toMatchObject({ code: "STORE_DENIED" });
    expect((await backups.list()).map(({ seal }) => seal)).toEqual(["open", "open"]);
  });

  it("behavior: a name given meanwhile stays, and one removed meanwhile stays removed", async () => {
    const { backups, store, keys, old } = await rotated();
    const goOn = store.failures.holdNext("put");
    const rekeying = backups.rekey(old.id);
    await backups.rename(old.id, "Meanwhile");
    goOn();
    const copy = await rekeying;
    expect(copy.details).toMatchObject({ name: "Meanwhile", pinned: true });

    await keys.add(generateArchiveKey());
    const goOnAgain = store.failures.holdNext("put");
    const again = expect(backups.rekey(copy.id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    await backups.remove(copy.id);
    goOnAgain();
    await again;
    expect(await backups.list()).toEqual([]);
    expect(store.archives.size).toBe(0);
  });

  it("behavior: a damaged archive is refused and stays", async () => {
    const { backups, store, old } = await rotated();
    const bytes = store.archives.get(old.id)!;
    bytes[bytes.length - 40]! ^= 1;
    const before = contentsOf(store);
    await expect(backups.rekey(old.id)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
    expect(contentsOf(store)).toEqual(before);
  });

  it("parameters: signal: an aborted call rejects with its reason, and nothing is changed", async () => {
    const { backups, store, old } = await rotated();
    const before = contentsOf(store);
    const controller = new AbortController();
    const reason = new Error("Enough.");
    store.failures.holdNext("put");
    const rekeying = backups.rekey(old.id, { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(rekeying).rejects.toBe(reason);
    expect(contentsOf(store)).toEqual(before);
  });
});
