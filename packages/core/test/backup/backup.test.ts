import { isBackupError } from "@xmtp-backup/core";
import { fakeHost, memoryKeys, memoryLock } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, contentsOf, statesOf, world } from "../support/world.ts";

describe("backups.backup", () => {
  it("default: goes through every stage and lists the archive", async () => {
    const { backups, host } = world();
    const task = backups.backup({ name: "Before iOS update 🎉" });
    expect(await statesOf(task)).toEqual([
      "preparing",
      "exporting",
      "merging",
      "verifying",
      "storing",
      "confirming",
      "listing",
      "pruning",
      "cleaning",
      "succeeded",
    ]);
    const { entry } = await task.result;
    expect(await backups.list()).toEqual([entry]);
    expect(entry).toMatchObject({
      seal: "open",
      details: {
        name: "Before iOS update 🎉",
        elements: ["consent", "messages"],
        counts: { conversations: 2, messages: 6, consentRecords: 2 },
        trigger: "manual",
      },
    });
    expect(host.unreleased).toBe(0);
  });

  it("default: makes the archive key when there is none, and keeps it", async () => {
    const keys = memoryKeys();
    const { backups } = world({}, { keys });
    const entry = await backUp(backups);
    expect(await keys.load()).toHaveLength(1);
    expect((await backups.list())[0]).toEqual(entry);
  });

  it("behavior: state$ gives the current state first, also to a late subscriber, and completes", async () => {
    const { backups } = world();
    const task = backups.backup();
    await task.result;
    expect(await statesOf(task)).toEqual(["succeeded"]);
    expect(task.getState()).toBe(task.getState());
  });

  it("behavior: unsubscribing never cancels", async () => {
    const { backups } = world();
    const task = backups.backup();
    task.state$.subscribe().unsubscribe();
    task.subscribe(() => undefined)();
    await expect(task.result).resolves.toMatchObject({ prunedIds: [] });
  });

  it.each(["identity", "exportArchive"])("behavior: a client that fails at %s leaves the store as it was", async (method) => {
    const { backups, host, store } = world();
    await backUp(backups);
    const before = contentsOf(store);
    host.failures.failNext(method, new Error("the database is locked"));
    const task = backups.backup();
    await expect(task.result).rejects.toSatisfy(isBackupError);
    expect(task.getState().status).toBe("failed");
    expect(contentsOf(store)).toEqual(before);
    expect(host.unreleased).toBe(0);
    await expect(backups.backup().result).resolves.toBeDefined();
  });

  it.each(["open", "put", "get", "putManifest"])(
    "behavior: a store that fails at %s lists nothing new and keeps the rest",
    async (method) => {
      const { backups, host, store } = world({}, { reuse: false });
      await backUp(backups);
      const before = contentsOf(store);
      store.failures.failNext(method, Object.assign(new Error("connection reset"), { code: "ECONNRESET" }));
      await expect(backups.backup().result).rejects.toMatchObject({ code: "STORE_FAILED" });
      expect(contentsOf(store)).toEqual(before);
      expect(host.unreleased).toBe(0);
    },
  );

  it("behavior: a store that keeps other bytes is caught before the archive is listed", async () => {
    const { backups, store } = world();
    const put = store.put.bind(store);
    vi.spyOn(store, "put").mockImplementation(async (id, archive, options) => {
      await put(id, archive, options);
      store.archives.get(id)?.fill(0, 100, 110);
    });
    await expect(backups.backup().result).rejects.toMatchObject({ code: "STORE_MISMATCH" });
    expect(await backups.list()).toEqual([]);
    expect(store.archives.size).toBe(0);
  });

  it("behavior: a cancel leaves nothing of it behind", async () => {
    const { backups, host, store } = world();
    const release = store.failures.holdNext("get");
    const task = backups.backup();
    const confirming = new Promise<void>((resolve) => {
      task.state$.subscribe((state) => {
        if (state.status === "running" && state.stage === "confirming") resolve();
      });
    });
    await confirming;
    await task.cancel();
    release();
    expect(task.getState()).toEqual({ status: "cancelled" });
    await expect(task.result).rejects.toMatchObject({ name: "AbortError" });
    expect(store.archives.size + store.manifests.size).toBe(0);
    expect(host.unreleased).toBe(0);
  });

  it("behavior: a second task beside a running one is refused, and the first goes on", async () => {
    const { backups } = world();
    const first = backups.backup();
    await expect(backups.backup().result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
    const { entry } = await first.result;
    await expect(backups.restore(entry).result).resolves.toBeDefined();
  });

  it("behavior: one task at a time for an inbox, in other processes too", async () => {
    const held = new Set<string>();
    const { backups } = world({ lock: memoryLock(held) });
    const other = world({ lock: memoryLock(held) });
    const [first, second] = [backups.backup(), other.backups.backup()];
    await expect(second.result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS", retryable: true });
    await first.result;
    await expect(other.backups.backup().result).resolves.toBeDefined();
    expect(held.size).toBe(0);
  });

  it("parameters: elements: consent only holds no conversations", async () => {
    const { backups } = world();
    const { entry } = await backups.backup({ elements: ["consent"] }).result;
    expect(entry.details?.counts).toEqual({ conversations: 0, messages: 0, consentRecords: 2 });
  });

  it.each([
    [{ elements: [] }, "OPTIONS_INVALID"],
    [{ elements: ["photos"] as never }, "OPTIONS_INVALID"],
    [{ name: "x".repeat(201) }, "OPTIONS_INVALID"],
    [{ startNs: 2n, endNs: 1n }, "OPTIONS_INVALID"],
    [{ startNs: 1n, endNs: 1n }, "OPTIONS_INVALID"],
    [{ startNs: -1n }, "OPTIONS_INVALID"],
    [{ endNs: 5 as never }, "OPTIONS_INVALID"],
  ])("parameters: %o is refused before anything is touched", async (options, code) => {
    const keys = memoryKeys();
    const { backups, store, host } = world({}, { keys });
    const exported = vi.spyOn(host, "exportArchive");
    await expect(backups.backup(options).result).rejects.toMatchObject({ code });
    expect(exported).not.toHaveBeenCalled();
    expect(await keys.load()).toEqual([]);
    expect(store.archives.size).toBe(0);
  });

  it("parameters: name: 200 characters of any kind are fine, emoji counted as one", async () => {
    const { backups } = world();
    for (const name of ["😀".repeat(200), "../../etc/passwd", "a\u0000b\n"]) {
      expect((await backUp(backups, name)).details?.name).toBe(name);
    }
  });

  it("behavior: a key that is not 32 bytes is refused", async () => {
    const { backups } = world({}, { keys: { load: async () => [new Uint8Array(31)], add: async () => undefined } });
    await expect(backups.backup().result).rejects.toMatchObject({ code: "KEY_INVALID" });
  });

  it("behavior: a key store that does not keep the new key is refused", async () => {
    const { backups, store } = world({}, { keys: { load: async () => [], add: async () => undefined } });
    await expect(backups.backup().result).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
    expect(store.archives.size).toBe(0);
  });

  it("behavior: a closed client fails as closed", async () => {
    const { backups, host } = world();
    host.close();
    await expect(backups.backup().result).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });

  it("behavior: keeps the last five and those that the user named", async () => {
    const { backups, clock } = world();
    const named = await backUp(backups, "Before the trip");
    const made = [];
    for (let count = 0; count < 7; count += 1) {
      clock.advance(60_000);
      made.push((await backUp(backups)).id);
    }
    expect((await backups.list()).map(({ id }) => id)).toEqual([...made.slice(2).reverse(), named.id]);
  });

  it("behavior: old archives that can't be removed do not fail the backup", async () => {
    const { backups, clock, store } = world({}, { policy: { keep: { last: 1 } } });
    await backUp(backups);
    clock.advance(1);
    store.failures.failNext("remove", new Error("no"));
    const { entry, pruneError } = await backups.backup().result;
    expect(isBackupError(pruneError)).toBe(true);
    expect((await backups.list())[0]?.id).toBe(entry.id);
  });

  it("behavior: status$ shows what runs and how it ended", async () => {
    const { backups, host } = world();
    const seen: unknown[] = [];
    backups.status$.subscribe((status) => seen.push(status));
    const entry = await backUp(backups);
    host.failures.failNext("exportArchive", new Error("the database is locked"));
    await backups.backup().result.catch(() => undefined);
    await vi.waitFor(() => expect(seen.at(-1)).not.toHaveProperty("running"));
    expect(seen[0]).toEqual({ isStarted: false });
    expect(seen).toContainEqual({ isStarted: false, running: "backup" });
    expect(seen.at(-1)).toMatchObject({ lastSuccess: { archiveId: entry.id }, lastFailure: { error: { code: "EXPORT_FAILED" } } });
  });

  it("behavior: two inboxes share a store without seeing into each other", async () => {
    const { backups, store, clock } = world();
    const entry = await backUp(backups, "mine");
    const stranger = world({ inboxId: "c".repeat(64) }, { store, clock });
    expect(await stranger.backups.list()).toEqual(
      [{ ...entry, seal: "otherKey", details: undefined }].map(({ details: _, ...outline }) => outline),
    );
  });

  it("behavior: a manifest that was altered is shown as damaged", async () => {
    const { backups, store } = world();
    const { id } = await backUp(backups);
    const text = new TextDecoder().decode(store.manifests.get(id));
    store.manifests.set(id, new TextEncoder().encode(text.replace(/"sizeBytes": \d+/, '"sizeBytes": 1')));
    expect(await backups.list()).toMatchObject([{ id, sizeBytes: 1, seal: "damaged" }]);
  });

  it("behavior: files that are no manifests any more, or newer ones, are listed as that and left alone", async () => {
    const { backups, store } = world();
    const newer = '{"format":"xmtp-backup/manifest","version":2}';
    const texts = ["", "{}", "null", "[]", '"text"', newer, "\u0000", '{"format":"xmtp-backup/manifest","version":"1"}'];
    for (const text of texts) store.manifests.set(crypto.randomUUID(), new TextEncoder().encode(text));
    const before = contentsOf({ ...store });
    const seals = (await backups.list()).map(({ id, seal }) => [new TextDecoder().decode(store.manifests.get(id)), seal]);
    expect(Object.fromEntries(seals)).toEqual(Object.fromEntries(texts.map((text) => [text, text === newer ? "unsupported" : "damaged"])));
    await backups.backup().result;
    for (const [id, manifest] of (before as { manifests: Map<string, Uint8Array> }).manifests)
      expect(store.manifests.get(id)).toEqual(manifest);
  });

  it("behavior: an export that is not an archive is never stored", async () => {
    const { backups } = world(
      {},
      { host: Object.assign(fakeHost(), { exportArchive: async () => ({ blob: new Blob(["garbage"]), release: async () => undefined }) }) },
    );
    await expect(backups.backup().result).rejects.toMatchObject({ code: "EXPORT_FAILED" });
  });
});
