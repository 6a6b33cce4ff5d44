import { type ArchiveEntry, generateArchiveKey } from "@xmtp-backup/core";
import { fakeHost, memoryKeys } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, newInstallation, statesOf, world } from "../support/world.ts";

async function backedUp() {
  const one = world();
  const entry = await backUp(one.backups, "Before iOS update");
  return { one, entry };
}

/** The stored bytes of an archive, to damage. */
function bytesOf({ store }: ReturnType<typeof world>, { id }: ArchiveEntry): Uint8Array<ArrayBuffer> {
  const bytes = store.archives.get(id);
  if (!bytes) throw new Error("There is no such archive.");
  return bytes;
}

describe("backups.restore", () => {
  it("default: goes through every stage and brings everything back, inactive", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    const task = backups.restore(entry);
    expect(await statesOf(task)).toEqual(["preparing", "fetching", "verifying", "importing", "checking", "cleaning", "succeeded"]);
    expect(await task.result).toMatchObject({
      conversations: { restored: 2, expected: 2 },
      messages: { restored: 6, expected: 6 },
      inactiveConversationIds: sameItems(one.host.inbox.conversations.keys()),
      incompleteConversationIds: [],
    });
    expect([...host.inbox.conversations.values()].map(({ name }) => name).sort()).toEqual(["Group 0", "Group 1"]);
    expect(host.unreleased).toBe(0);
  });

  it("behavior: restoring twice, or over what is there, adds nothing", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    await backups.restore(entry).result;
    const once = structuredClone(host.inbox);
    await backups.restore(entry).result;
    expect(host.inbox).toEqual(once);
    const before = structuredClone(one.host.inbox);
    expect((await one.backups.restore(entry).result).inactiveConversationIds).toEqual([]);
    expect(one.host.inbox).toEqual(before);
  });

  it("default: inspect says what an archive holds and imports nothing", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    expect(await backups.inspect(entry)).toMatchObject({
      name: "Before iOS update",
      elements: ["consent", "messages"],
      counts: { conversations: 2, messages: 6, consentRecords: 2 },
      conversations: [{ name: expect.stringMatching(/^Group [01]$/) as string, messages: 3 }, { messages: 3 }],
    });
    expect(host.inbox.conversations.size).toBe(0);
  });

  it("parameters: confirm: shows the preview and waits for the user's word", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    const task = backups.restore(entry, { confirm: true });
    await vi.waitFor(() =>
      expect(task.getState()).toMatchObject({
        status: "awaitingConfirmation",
        preview: { counts: { messages: 6 }, conversations: [{ name: expect.stringContaining("Group") as string }, {}] },
      }),
    );
    expect(host.inbox.conversations.size).toBe(0);
    task.confirm();
    await task.result;
    expect(host.inbox.conversations.size).toBe(2);
  });

  it("parameters: confirm: saying no imports nothing", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    const task = backups.restore(entry, { confirm: true });
    await vi.waitFor(() => expect(task.getState().status).toBe("awaitingConfirmation"));
    await task.cancel();
    expect(task.getState().status).toBe("cancelled");
    expect(host.inbox.conversations.size).toBe(0);
  });

  it("parameters: source: the bytes of an archive from anywhere", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    await backups.restore(new Blob([bytesOf(one, entry)])).result;
    expect(host.inbox.conversations.size).toBe(2);
  });

  it.each([
    ["an empty file", () => new Blob([]), "ARCHIVE_EMPTY"],
    ["a foreign file", () => new Blob(["%PDF-1.7 and so on, and so on"]), "ARCHIVE_FOREIGN"],
    ["a truncated file", (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes.subarray(0, bytes.length - 20)]), "ARCHIVE_TRUNCATED"],
    ["a damaged file", (bytes: Uint8Array<ArrayBuffer>) => new Blob([flipped(bytes, bytes.length - 40)]), "ARCHIVE_DAMAGED"],
    [
      "a newer version",
      (bytes: Uint8Array<ArrayBuffer>) => new Blob([Uint8Array.of(9, 0), bytes.subarray(2)]),
      "ARCHIVE_VERSION_UNSUPPORTED",
    ],
  ])("parameters: source: %s is refused before the client sees it", async (_name, make, code) => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    const imported = vi.spyOn(host, "importArchive");
    await expect(backups.restore(make(bytesOf(one, entry))).result).rejects.toMatchObject({ code });
    await expect(backups.inspect(make(bytesOf(one, entry)))).rejects.toMatchObject({ code });
    expect(imported).not.toHaveBeenCalled();
  });

  it("behavior: an archive that changed in the store is refused", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    const bytes = bytesOf(one, entry);
    one.store.archives.set(entry.id, flipped(bytes, 200));
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
    one.store.archives.set(entry.id, bytes.slice(0, 300));
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "ARCHIVE_TRUNCATED" });
    one.store.archives.set(entry.id, new Uint8Array());
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "ARCHIVE_EMPTY" });
    one.store.archives.delete(entry.id);
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    expect(host.inbox.conversations.size).toBe(0);
  });

  it("parameters: key: a wrong one is refused before anything is fetched", async () => {
    const { one, entry } = await backedUp();
    const { backups } = newInstallation(one);
    const fetched = vi.spyOn(one.store, "get");
    await expect(backups.restore(entry, { key: generateArchiveKey() }).result).rejects.toMatchObject({ code: "KEY_WRONG" });
    await expect(backups.restore(entry, { key: new Uint8Array(33) }).result).rejects.toMatchObject({ code: "KEY_INVALID" });
    const stranger = newInstallation({ ...one, keys: memoryKeys(generateArchiveKey()) });
    await expect(stranger.backups.restore(entry).result).rejects.toMatchObject({ code: "KEY_WRONG" });
    const keyless = newInstallation({ ...one, keys: memoryKeys() });
    await expect(keyless.backups.restore(entry).result).rejects.toMatchObject({ code: "KEY_MISSING" });
    expect(fetched).not.toHaveBeenCalled();
    await expect(backups.restore(entry, { key: one.key }).result).resolves.toBeDefined();
  });

  it("parameters: key: with a bare file it can't be told from damage", async () => {
    const { one, entry } = await backedUp();
    const { backups } = newInstallation(one);
    const source = new Blob([bytesOf(one, entry)]);
    await expect(backups.restore(source, { key: generateArchiveKey() }).result).rejects.toMatchObject({ code: "ARCHIVE_KEY_OR_DAMAGE" });
  });

  it("behavior: an older key still opens what it made", async () => {
    const { one, entry } = await backedUp();
    await one.keys.add(generateArchiveKey());
    const { backups, host } = newInstallation(one);
    await backups.restore(entry).result;
    expect(host.inbox.conversations.size).toBe(2);
  });

  it("parameters: unsent: anything but its two words is refused before anything is read", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const unsent = "kept" as "keep";
    await expect(one.backups.restore(entry, { unsent }).result).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    await expect(one.backups.inspect(entry, { unsent })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  });

  it("parameters: allowOtherInbox: another inbox's archive is refused unless the caller insists", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one, { inboxId: "c".repeat(64) });
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "ARCHIVE_OTHER_INBOX" });
    expect(host.inbox.conversations.size).toBe(0);
    await backups.restore(entry, { allowOtherInbox: true }).result;
    expect(host.inbox.conversations.size).toBe(2);
  });

  it("behavior: an import that fails says what stays, and a second try brings the rest", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    host.failures.failNext("importArchive", new Error("database is locked"));
    await expect(backups.restore(entry).result).rejects.toMatchObject({
      code: "IMPORT_FAILED",
      message: expect.stringContaining("stays") as string,
    });
    expect((await backups.restore(entry).result).messages).toEqual({ restored: 6, expected: 6 });
  });

  it("behavior: messages that the client does not list are reported", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    vi.spyOn(host, "countMessages").mockResolvedValue(1);
    expect(await backups.restore(entry).result).toMatchObject({
      messages: { restored: 2, expected: 6 },
      incompleteConversationIds: sameItems(host.inbox.conversations.keys()),
    });
  });

  it("behavior: a closed client fails as closed", async () => {
    const { one, entry } = await backedUp();
    const closed = fakeHost();
    const { backups } = world({}, { host: closed, store: one.store, keys: one.keys });
    closed.close();
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });
});

/** An array of the same items in any order. */
function sameItems(items: Iterable<string>): unknown {
  return expect.toSatisfy((found: string[]) => JSON.stringify([...found].sort()) === JSON.stringify([...items].sort()));
}

function flipped(bytes: Uint8Array<ArrayBuffer>, at: number): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
