import { type BackupErrorCode, BackupError, createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { fakeClock, fakeHost, type FakeHostOptions, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { bringBack } from "./bringBack.ts";
import { readHistoryNote } from "./historyNote.ts";

/** A store with one archive of each given installation, oldest first: each holds a message more in its two groups. */
async function stored(...installations: string[]) {
  const [key, clock] = [generateArchiveKey(), fakeClock()];
  const store = memoryStore(clock.now);
  const ids: string[] = [];
  for (const [index, installationId] of installations.entries()) {
    const host = fakeHost({ installationId, inbox: fakeInbox({ messagesEach: 3 + index }) });
    const { entry } = await createBackups({ host, store, keys: memoryKeys(key), clock }).backup().result;
    ids.push(entry.id);
    clock.advance(60_000);
  }
  return { key, clock, store, ids };
}

/** A new installation over that, and what `bringBack` makes of it. */
function container(
  { key, clock, store }: Awaited<ReturnType<typeof stored>>,
  { keys = [key], ...options }: FakeHostOptions & { keys?: Uint8Array[] } = {},
) {
  const host = fakeHost({ installations: [{ id: "dead", isOwn: false, createdAtMs: 1 }], ...options });
  const keyStore = memoryKeys(...keys);
  const backups = createBackups({ host, store, keys: keyStore, clock });
  const reported: (string | undefined)[] = [];
  return {
    host,
    reported,
    messages: () => [...host.inbox.conversations.values()].reduce((sum, { messages }) => sum + messages.size, 0),
    bring: (wishes: { missingHistory?: "refuse" | "accept"; allowNewKey?: boolean; mayRevoke?: boolean } = {}) =>
      bringBack(backups, host, {
        missingHistory: "refuse",
        keys: keyStore,
        clock,
        report: (error) => reported.push((error as BackupError).code),
        ...wishes,
      }),
  };
}

function damage({ store }: Awaited<ReturnType<typeof stored>>, id = ""): void {
  store.archives.get(id)?.fill(0, 100, 200);
}

describe("bringBack", () => {
  it("default: restores the newest archive, and leaves an installation alone that has its history", async () => {
    const place = await stored("one", "two");
    const { bring, messages, host } = container(place);
    expect(await bring()).toMatchObject({ isSettled: false, restored: { messages: { restored: 8, expected: 8 } } });
    expect(messages()).toBe(8);
    place.store.failures.failNext("open", new BackupError("STORE_UNAVAILABLE", "away"), 10);
    expect(await bring()).toEqual({ isSettled: true });
    expect(host.unreleased).toBe(0);
  });

  it("default: an inbox that is new has nothing to bring back", async () => {
    const { bring } = container(await stored(), { installations: [] });
    expect(await bring()).toEqual({ isSettled: false });
  });

  it("behavior: a restore that fails settles nothing, and the next start brings everything", async () => {
    const { bring, host, messages } = container(await stored("one"));
    host.failures.failNext("importArchive", new BackupError("IMPORT_FAILED", "cut off"));
    await expect(bring()).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    expect(await bring()).toMatchObject({ isSettled: false, restored: {} });
    expect(messages()).toBe(6);
  });

  it("behavior: an older archive that fails settles nothing, and the next start brings it", async () => {
    const place = await withFewerAfter();
    const { get } = place.store;
    place.store.get = (id, options) => (id === place.ids[2] ? Promise.reject(new BackupError("STORE_DENIED", "no")) : get(id, options));
    const { bring, messages, reported } = container(place);
    expect(await bring()).toMatchObject({ isSettled: false, restored: {}, isIncomplete: true });
    expect(reported).toEqual(["STORE_DENIED"]);
    place.store.get = get;
    expect(await bring()).toEqual(expect.not.objectContaining({ isIncomplete: true }));
    expect(messages()).toBe(10);
    expect(await bring()).toEqual({ isSettled: true });
  });

  it("behavior: a partial archive of this very installation hides nothing that others hold", async () => {
    const place = await stored("one", "two");
    const { bring, host, messages } = container(place);
    host.failures.failNext("importArchive", new BackupError("IMPORT_FAILED", "cut off"));
    await expect(bring()).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    await createBackups({ host, store: place.store, keys: memoryKeys(place.key), clock: place.clock }).backup().result;
    expect(await bring()).toMatchObject({ restored: { messages: { restored: 8 } } });
    expect(messages()).toBe(8);
  });

  it("behavior: an archive of this very installation is restored where there is no other", async () => {
    const place = await stored("one");
    const { bring } = container(place, { installationId: "one" });
    expect(await bring()).toMatchObject({ restored: { messages: { restored: 6 } } });
  });

  it("parameters: mayRevoke: whatever installations of the inbox have archived comes in before the history is settled", async () => {
    const place = await stored("dead");
    // The next container got a part only, and as many messages of its own.
    const inbox = fakeInbox({ groups: 1, messagesEach: 6, startNs: 1_750_000_000_000_000_000n });
    for (const conversation of inbox.conversations.values()) {
      conversation.messages = new Map(
        [...conversation.messages.values()].map((message, index) => [`${index}`.repeat(64), { ...message, id: `${index}`.repeat(64) }]),
      );
    }
    await createBackups({
      host: fakeHost({ installationId: "partial", inbox }),
      store: place.store,
      keys: memoryKeys(place.key),
      clock: place.clock,
    }).backup().result;
    const installations = ["partial", "dead"].map((id) => ({ id, isOwn: false, createdAtMs: 1 }));
    const { bring, messages } = container(place, { installations });
    const unasked = container(place, { installations });
    await unasked.bring();
    expect(unasked.messages()).toBe(6);
    await bring({ mayRevoke: true });
    expect(messages()).toBe(12);
    expect(await bring()).toEqual({ isSettled: true });

    const { get } = place.store;
    place.store.get = (id, options) => (id === place.ids[0] ? Promise.reject(new BackupError("STORE_DENIED", "no")) : get(id, options));
    expect(await container(place, { installations }).bring({ mayRevoke: true })).toMatchObject({ isIncomplete: true });
    // One that was revoked had its history brought on before.
    expect(await container(place, { installations: installations.slice(0, 1) }).bring({ mayRevoke: true })).toEqual(
      expect.not.objectContaining({ isIncomplete: true }),
    );
  });

  it("behavior: notes how far a restore reaches before it begins", async () => {
    const { bring, host } = container(await stored("one"));
    host.failures.failNext("importArchive", new BackupError("IMPORT_FAILED", "cut off"));
    await expect(bring()).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    const note = await readHistoryNote(host.journal);
    expect(note).toEqual({ restoredUpToMs: expect.any(Number) as number });
    await bring();
    expect(await readHistoryNote(host.journal)).toEqual({ ...note, settledAtMs: expect.any(Number) as number });
  });

  it("behavior: a damaged newest archive settles nothing, unless the operator accepts it", async () => {
    const place = await stored("one", "two");
    damage(place, place.ids[1]);
    const { bring, messages } = container(place);
    for (const _start of [1, 2]) expect(await bring()).toMatchObject({ isSettled: false, restored: {}, isIncomplete: true });
    expect(await bring({ missingHistory: "accept" })).toEqual(expect.not.objectContaining({ isIncomplete: true }));
    expect(await bring()).toEqual({ isSettled: true });
    expect(messages()).toBe(6);
  });

  it("parameters: missingHistory: accept: starts where the only archive is damaged", async () => {
    const place = await stored("one");
    damage(place, place.ids[0]);
    const { bring, messages, reported } = container(place);
    expect(await bring({ missingHistory: "accept" })).toEqual({ isSettled: false });
    expect(reported).toEqual([expect.stringMatching(/^ARCHIVE_/)]);
    expect(messages()).toBe(0);
  });

  it("behavior: a damaged archive is reported, and the next older one restored", async () => {
    const place = await stored("one", "two", "three");
    damage(place, place.ids[2]);
    damage(place, place.ids[1]);
    const { bring, messages, reported } = container(place);
    expect(await bring()).toMatchObject({ restored: {} });
    expect(messages()).toBe(6);
    expect(reported).toHaveLength(2);
    expect(reported.every((code) => code?.startsWith("ARCHIVE_"))).toBe(true);
    expect(place.store.archives.size).toBe(3);
  });

  it("behavior: where every archive is damaged nothing is settled", async () => {
    const place = await stored("one");
    damage(place, place.ids[0]);
    const { bring, host } = container(place);
    await expect(bring()).rejects.toMatchObject({ code: expect.stringMatching(/^ARCHIVE_/) as string });
    await expect(bring()).rejects.toMatchObject({ code: expect.stringMatching(/^ARCHIVE_/) as string });
    expect(host.inbox.conversations.size).toBe(0);
  });

  it("behavior: a damaged manifest is reported, and what can be read is restored", async () => {
    const place = await stored("one", "two");
    place.store.manifests.get(place.ids[1] ?? "")?.fill(0x20, -20);
    const { bring, messages, reported } = container(place);
    await bring();
    expect(messages()).toBe(6);
    expect(reported).toEqual(["ARCHIVE_DAMAGED"]);
  });

  describe("a history that can't be had", () => {
    const other = () => generateArchiveKey();
    const cases: { what: string; code: BackupErrorCode; make(): Promise<ReturnType<typeof container>>; accepted: number }[] = [
      {
        what: "all archives are locked",
        code: "KEY_WRONG",
        make: async () => container(await stored("one"), { keys: [other()] }),
        accepted: 0,
      },
      { what: "the newest archive is locked", code: "KEY_WRONG", make: async () => container(await withLocked(), {}), accepted: 6 },
      { what: "there is no key", code: "KEY_MISSING", make: async () => container(await stored("one"), { keys: [] }), accepted: 0 },
      {
        what: "a newer version made the newest",
        code: "ARCHIVE_VERSION_UNSUPPORTED",
        make: async () => container(await withNewer(), {}),
        accepted: 6,
      },
      { what: "the place is empty", code: "HISTORY_MISSING", make: async () => container(await stored(), {}), accepted: 0 },
      {
        what: "the archives are of other inboxes",
        code: "HISTORY_MISSING",
        make: async () => container(await stored("one"), { inboxId: "b".repeat(64) }),
        accepted: 0,
      },
    ];

    it.each(cases)("behavior: $what: $code, and nothing is settled", async ({ code, make }) => {
      const { bring, messages } = await make();
      await expect(bring()).rejects.toMatchObject({ code });
      await expect(bring()).rejects.toMatchObject({ code });
      expect(messages()).toBe(0);
    });

    it.each(cases)("parameters: missingHistory: accept: $what: what can be read is restored", async ({ make, accepted }) => {
      const { bring, messages } = await make();
      expect(await bring({ missingHistory: "accept" })).toMatchObject({ isSettled: false });
      expect(messages()).toBe(accepted);
      expect(await bring()).toEqual({ isSettled: true });
    });

    it("parameters: allowNewKey: locked archives are those of others who share the place", async () => {
      const { bring, messages } = container(await withLocked());
      await bring({ allowNewKey: true });
      expect(messages()).toBe(6);
    });

    it.each([
      { what: "inbox", code: "ARCHIVE_OTHER_INBOX", options: { inboxId: "b".repeat(64) } },
      { what: "network", code: "ARCHIVE_OTHER_NETWORK", options: { network: "dev" } },
    ])("behavior: a new inbox starts, and says that the place has archives of another $what", async ({ code, options }) => {
      const { bring, reported } = container(await stored("one"), { installations: [], ...options });
      expect(await bring()).toEqual({ isSettled: false });
      expect(reported).toEqual([code]);
      const shared = container(await stored("one"), { installations: [], ...options });
      await shared.bring({ allowNewKey: true });
      expect(shared.reported).toEqual([]);
    });

    it("behavior: a client that holds conversations needs no archive", async () => {
      const { bring } = container(await stored(), { inbox: fakeInbox() });
      expect(await bring()).toEqual({ isSettled: false });
    });
  });
});

/** The newest archive holds less than the one before. */
async function withFewerAfter() {
  const place = await stored("one", "two", "three");
  const { store, key, clock } = place;
  const { entry } = await createBackups({
    host: fakeHost({ installationId: "four", inbox: fakeInbox({ groups: 1, messagesEach: 1 }) }),
    store,
    keys: memoryKeys(key),
    clock,
  }).backup().result;
  return { ...place, ids: [...place.ids, entry.id] };
}

async function withLocked() {
  const place = await stored("one");
  const { store, clock } = place;
  await createBackups({
    host: fakeHost({ inbox: fakeInbox() }),
    store,
    keys: memoryKeys(generateArchiveKey()),
    clock,
    allowNewKey: true,
  }).backup().result;
  return place;
}

async function withNewer() {
  const place = await stored("one", "two");
  const id = place.ids[1] ?? "";
  const file = JSON.parse(Buffer.from(place.store.manifests.get(id) ?? []).toString()) as Record<string, unknown>;
  place.store.manifests.set(id, Buffer.from(JSON.stringify({ ...file, version: 2, sealed: undefined, parts: [] })));
  return place;
}
