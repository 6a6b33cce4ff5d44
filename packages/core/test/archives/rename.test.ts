import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { memoryKeys } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, contentsOf, world } from "../support/world.ts";
import { withDetails } from "../support/withDetails.ts";

describe("backups.rename", () => {
  it("default: names an archive; everything else of it stays, for later instances too", async () => {
    const { backups, store, host, keys, clock } = world();
    const entry = await backUp(backups, "Before");
    const bytes = store.archives.get(entry.id)?.slice();
    clock.advance(1_000);
    const renamed = await backups.rename(entry.id, "Lisbon 🎉");
    expect(renamed).toEqual(withDetails(entry, { name: "Lisbon 🎉" }));
    expect(await createBackups({ host, store, keys, clock }).list()).toEqual([renamed]);
    expect(store.archives.get(entry.id)).toEqual(bytes);
    expect(new TextDecoder().decode(store.manifests.get(entry.id))).not.toContain("Lisbon");
  });

  it.each([undefined, ""])("parameters: name: %o takes the name away", async (name) => {
    const { backups } = world();
    const { id } = await backUp(backups, "Before");
    expect((await backups.rename(id, name)).details).not.toHaveProperty("name");
    expect((await backups.list())[0]?.details).not.toHaveProperty("name");
  });

  it("parameters: name: 200 characters of any kind are fine, emoji counted as one", async () => {
    const { backups } = world();
    const { id } = await backUp(backups);
    for (const name of ["😀".repeat(200), "../../etc/passwd", "a\u0000b\n"]) {
      expect((await backups.rename(id, name)).details?.name).toBe(name);
    }
  });

  it.each([["x".repeat(201)], [7 as never], [null as never]])(
    "parameters: name: %o is refused before anything is touched",
    async (name) => {
      const { backups, store } = world();
      const { id } = await backUp(backups);
      const before = contentsOf(store);
      const opened = vi.spyOn(store, "open");
      await expect(backups.rename(id, name)).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
      expect(opened).not.toHaveBeenCalled();
      expect(contentsOf(store)).toEqual(before);
    },
  );

  it("behavior: an archive of an older key stays that key's", async () => {
    const { backups, keys, key, store, host, clock } = world();
    const { id, keyFingerprint } = await backUp(backups);
    await keys.add(generateArchiveKey());
    expect(await backups.rename(id, "Old")).toMatchObject({ keyFingerprint, details: { name: "Old" } });
    expect(await createBackups({ host, store, clock, keys: memoryKeys(key) }).list()).toMatchObject([
      { seal: "open", details: { name: "Old" } },
    ]);
  });

  it("behavior: changes at once all last", async () => {
    const { backups, store, host, keys, clock } = world();
    const { id } = await backUp(backups);
    clock.advance(5);
    const other = createBackups({ host, store, keys, clock });
    await Promise.all([backups.rename(id, "Both"), other.pin(id), backups.verify(id)]);
    expect((await backups.list())[0]?.details).toMatchObject({ name: "Both", pinned: true, verifiedAtMs: clock.now() });
  });
});

describe("the time of a change", () => {
  it("behavior: a later change has the greater one, whatever the clock says, so that the newer of two copies is known", async () => {
    const { backups, clock } = world();
    const { id, createdAtMs } = await backUp(backups);
    const atMs: (number | undefined)[] = [createdAtMs];
    for (const name of ["one", "two"]) atMs.push((await backups.rename(id, name)).details?.changedAtMs);
    clock.advance(86_400_000);
    atMs.push((await backups.pin(id)).details?.changedAtMs);
    expect(atMs).toEqual([createdAtMs, createdAtMs + 1, createdAtMs + 2, clock.now()]);
  });
});
