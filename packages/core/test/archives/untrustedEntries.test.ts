import type { ArchiveEntry } from "@xmtp-backup/core";
import { fakeInbox, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, newInstallation, world } from "../support/world.ts";

type World = ReturnType<typeof world>;

async function backedUp(name = "Before iOS update") {
  const one = world();
  return { one, entry: await backUp(one.backups, name) };
}

function manifestOf({ store }: Pick<World, "store">, { id }: ArchiveEntry): string {
  return new TextDecoder().decode(store.manifests.get(id));
}

function putManifest({ store }: Pick<World, "store">, { id }: ArchiveEntry, text: string): void {
  store.manifests.set(id, new TextEncoder().encode(text));
}

/** The manifest with one character of its sealed part changed. */
function breakSeal(one: Pick<World, "store">, entry: ArchiveEntry): void {
  putManifest(
    one,
    entry,
    manifestOf(one, entry).replace(/"sealed": "(.)/, (_all, first: string) => `"sealed": "${first === "A" ? "B" : "A"}`),
  );
}

function cut({ store }: Pick<World, "store">, { id }: ArchiveEntry, bytes: number): void {
  store.archives.set(id, store.archives.get(id)!.slice(0, -bytes));
}

const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => "restored",
    (error: { code?: string }) => error.code,
  );

describe("an entry that nothing proves", () => {
  it("behavior: a manifest whose seal does not open stops a restore, since a cut archive would go unnoticed", async () => {
    const { one, entry } = await backedUp();
    breakSeal(one, entry);
    cut(one, entry, 400);
    const { backups, host } = newInstallation(one);
    const [listed] = await backups.list();
    expect(listed?.seal).toBe("damaged");
    const imported = vi.spyOn(host, "importArchive");
    for (const source of [entry, listed!]) {
      expect(await codeOf(backups.restore(source).result)).toBe("ARCHIVE_DAMAGED");
      expect(await codeOf(backups.inspect(source))).toBe("ARCHIVE_DAMAGED");
    }
    expect(imported).not.toHaveBeenCalled();
  });

  it.each([
    ["the time", /"createdAtMs": \d+/, '"createdAtMs": 1'],
    ["the size", /"sizeBytes": \d+/, '"sizeBytes": 1'],
    ["the whole file", /[^]+/, "{}"],
    ["its format", /xmtp-backup\/manifest/, "xmtp-backup/other"],
    ["the seal, left out", /"sealed": "[^"]+"/, '"sealed": ""'],
    ["the id", /"id": "[^"]+"/, '"id": "11111111-1111-4111-8111-111111111111"'],
  ])("behavior: %s in a manifest that is not what was stored stops a restore", async (_title, part, instead) => {
    const { one, entry } = await backedUp();
    putManifest(one, entry, manifestOf(one, entry).replace(part, instead));
    const { backups, host } = newInstallation(one);
    expect(await codeOf(backups.restore(entry).result)).toBe("ARCHIVE_DAMAGED");
    expect(host.inbox.conversations.size).toBe(0);
    expect((await backups.list()).map(({ id, seal }) => [id, seal])).toEqual([[entry.id, "damaged"]]);
  });

  it("behavior: the archive of another inbox stays refused, whatever its manifest or entry says", async () => {
    const { one, entry } = await backedUp();
    const stranger = newInstallation(one, { inboxId: "c".repeat(64) });
    const forged = { ...entry, details: { ...entry.details!, inboxId: "c".repeat(64) } } as ArchiveEntry;
    const unread = { ...entry, seal: "damaged", details: undefined } as ArchiveEntry;
    expect(await codeOf(stranger.backups.restore(forged).result)).toBe("ARCHIVE_OTHER_INBOX");
    expect(await codeOf(stranger.backups.restore(unread).result)).toBe("ARCHIVE_OTHER_INBOX");
    breakSeal(one, entry);
    expect(await codeOf(stranger.backups.restore(forged).result)).toBe("ARCHIVE_DAMAGED");
    expect(stranger.host.inbox.conversations.size).toBe(0);
  });

  it("behavior: the store's manifest counts, and no size, hash or key that an entry claims", async () => {
    const { one, entry } = await backedUp();
    const { backups } = newInstallation(one);
    const stale = {
      ...entry,
      sizeBytes: 1,
      keyFingerprint: "0".repeat(16),
      details: { ...entry.details!, sha256: "0".repeat(64) },
    } as ArchiveEntry;
    expect((await backups.restore(stale).result).messages).toEqual({ restored: 6, expected: 6 });
    cut(one, entry, 20);
    const fitting = { ...entry, sizeBytes: one.store.archives.get(entry.id)!.length };
    expect(await codeOf(backups.restore(fitting).result)).toBe("ARCHIVE_TRUNCATED");
  });

  it("behavior: an entry of another store is not found in this one", async () => {
    const { one, entry } = await backedUp();
    const other = newInstallation({ ...one, store: memoryStore() });
    expect(await codeOf(other.backups.restore(entry).result)).toBe("ARCHIVE_NOT_FOUND");
  });

  it("behavior: an archive in the place of another one is refused, with its manifest and without", async () => {
    const { one, entry: first } = await backedUp("First");
    one.host.inbox.conversations.clear();
    const second = await backUp(one.backups, "Second");
    const { backups, host } = newInstallation(one);
    const firstBytes = one.store.archives.get(first.id)!;
    one.store.archives.set(first.id, one.store.archives.get(second.id)!);
    expect(await codeOf(backups.restore(first).result)).toMatch(/^ARCHIVE_(TRUNCATED|DAMAGED)$/);
    putManifest(one, first, manifestOf(one, second));
    expect(await codeOf(backups.restore(first).result)).toBe("ARCHIVE_DAMAGED");
    one.store.archives.set(first.id, firstBytes);
    expect(await codeOf(backups.restore(first).result)).toBe("ARCHIVE_DAMAGED");
    expect(host.inbox.conversations.size).toBe(0);
  });

  it("behavior: an older manifest that a store gives again changes nothing of a restore", async () => {
    const { one, entry } = await backedUp("Before");
    const older = manifestOf(one, entry);
    const renamed = await one.backups.rename(entry.id, "After");
    putManifest(one, entry, older);
    const { backups } = newInstallation(one);
    expect((await backups.inspect(renamed)).name).toBe("Before");
    expect(await backups.restore(renamed).result).toMatchObject({ messages: { restored: 6, expected: 6 }, unchecked: [] });
  });
});

describe("parameters: salvage", () => {
  it("default: brings back what has lost its manifest, and says what nothing could tell of it", async () => {
    const { one, entry } = await backedUp();
    breakSeal(one, entry);
    const { backups, host } = newInstallation(one);
    const result = await backups.restore(entry, { salvage: true }).result;
    expect(result).toMatchObject({ messages: { restored: 6, expected: 6 }, unchecked: ["inbox", "network", "wholeness"] });
    expect(host.inbox.conversations.size).toBe(2);
  });

  it("behavior: an archive whose manifest is gone or newer, or names another key, comes back too", async () => {
    for (const damage of ["gone", "newer", "key"] as const) {
      const { one, entry } = await backedUp();
      const text = manifestOf(one, entry);
      if (damage === "gone") one.store.manifests.delete(entry.id);
      else if (damage === "newer") putManifest(one, entry, text.replace('"version": 1', '"version": 2'));
      else putManifest(one, entry, text.replace(/"keyFingerprint": "[^"]+"/, `"keyFingerprint": "${"0".repeat(16)}"`));
      const { backups } = newInstallation(one);
      expect(await codeOf(backups.restore(entry).result)).toBe(
        { gone: "ARCHIVE_NOT_FOUND", newer: "ARCHIVE_VERSION_UNSUPPORTED", key: "KEY_WRONG" }[damage],
      );
      expect((await backups.restore(entry, { salvage: true }).result).messages).toEqual({ restored: 6, expected: 6 });
    }
  });

  it("behavior: a manifest that opens is followed all the same", async () => {
    const { one, entry } = await backedUp();
    const { backups } = newInstallation(one);
    expect((await backups.restore(entry, { salvage: true }).result).unchecked).toEqual([]);
    const stranger = newInstallation(one, { inboxId: "c".repeat(64) });
    expect(await codeOf(stranger.backups.restore(entry, { salvage: true }).result)).toBe("ARCHIVE_OTHER_INBOX");
  });

  it("behavior: a store that can't be reached is no reason to go on without its manifest", async () => {
    const { one, entry } = await backedUp();
    const { backups } = newInstallation(one);
    one.store.failures.failNext("list", new Error("the cable is out"));
    expect(await codeOf(backups.restore(entry, { salvage: true }).result)).toBe("STORE_FAILED");
  });
});

describe("an archive of another network", () => {
  it("default: is refused unless the caller insists", async () => {
    const one = world({ network: "dev" });
    const entry = await backUp(one.backups);
    expect(entry.details?.network).toBe("dev");
    const { backups, host } = newInstallation(one, { network: "production" });
    expect(await codeOf(backups.restore(entry).result)).toBe("ARCHIVE_OTHER_NETWORK");
    expect(host.inbox.conversations.size).toBe(0);
    expect(await backups.restore(entry, { allowOtherNetwork: true }).result).toMatchObject({ messages: { restored: 6 }, unchecked: [] });
  });

  it("behavior: a bare file tells no network, and the result says so", async () => {
    const one = world({ network: "dev", inbox: fakeInbox() });
    const entry = await backUp(one.backups);
    const { backups } = newInstallation(one, { network: "production" });
    const file = new Blob([one.store.archives.get(entry.id)!]);
    expect((await backups.restore(file).result).unchecked).toEqual(["inbox", "network", "wholeness"]);
  });
});
