import { type ArchiveEntry, type Backups, createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { memoryKeys } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, contentsOf, newInstallation, world } from "../support/world.ts";

/** The entry with other details, and nothing else changed. */
function withDetails(entry: ArchiveEntry, changes: object): unknown {
  return { ...entry, details: { ...entry.details, changedAtMs: expect.any(Number) as unknown, ...changes } };
}

/** Every way to change a manifest. */
const changes: [string, (backups: Backups, id: string, signal?: AbortSignal) => Promise<ArchiveEntry>][] = [
  ["rename", (backups, id, signal) => backups.rename(id, "Later", { signal })],
  ["pin", (backups, id, signal) => backups.pin(id, { signal })],
  ["unpin", (backups, id, signal) => backups.unpin(id, { signal })],
  ["verify", (backups, id, signal) => backups.verify(id, { signal })],
];

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

describe("backups.pin, backups.unpin", () => {
  it("default: a pin is kept over instances and taken away again", async () => {
    const { backups, store, host, keys, clock } = world();
    const entry = await backUp(backups);
    expect(await backups.pin(entry.id)).toEqual(withDetails(entry, { pinned: true }));
    const next = createBackups({ host, store, keys, clock });
    expect((await next.list())[0]?.details?.pinned).toBe(true);
    expect(await next.pin(entry.id)).toEqual(withDetails(entry, { pinned: true }));
    expect(await next.unpin(entry.id)).toEqual(withDetails(entry, {}));
  });

  it("behavior: pinned and named archives survive pruning, and lose that with the pin", async () => {
    const { backups, clock } = world({}, { policy: { keep: { last: 1 } } });
    const next = async () => {
      clock.advance(60_000);
      return (await backups.backup().result).entry;
    };
    const pinned = await next();
    await backups.pin(pinned.id);
    const named = await next();
    await backups.rename(named.id, "Before the trip");
    await next();
    const latest = await next();
    expect((await backups.list()).map(({ id }) => id)).toEqual([latest.id, named.id, pinned.id]);
    await backups.unpin(pinned.id);
    await backups.rename(named.id, undefined);
    const last = await next();
    expect((await backups.list()).map(({ id }) => id)).toEqual([last.id]);
  });

  it("behavior: a pin that began before old archives are removed keeps its archive", async () => {
    const { backups, store, clock } = world({}, { policy: { keep: { last: 1 } } });
    const { id } = await backUp(backups);
    clock.advance(1);
    const release = store.failures.holdNext("putManifest");
    const pin = backups.pin(id);
    const task = backups.backup();
    const pruning = new Promise<void>((resolve) => {
      task.state$.subscribe((state) => {
        if (state.status === "running" && state.stage === "pruning") resolve();
      });
    });
    await pruning;
    await backups.list();
    await backups.list();
    release();
    await pin;
    expect((await task.result).prunedIds).toEqual([]);
    expect((await backups.list()).find((entry) => entry.id === id)?.details?.pinned).toBe(true);
  });

  it("behavior: a pin that comes while old archives are removed is refused, and lists nothing again", async () => {
    const { backups, store, host, keys, clock } = world();
    const [second, first] = [await backUp(backups), await backUp(backups)].sort((a, b) => (a.id < b.id ? -1 : 1));
    clock.advance(1);
    const release = store.failures.holdNext("remove");
    const task = createBackups({ host, store, keys, clock, policy: { keep: { last: 1 } } }).backup();
    const removed = vi.spyOn(store, "remove");
    await vi.waitFor(() => expect(removed).toHaveBeenCalledWith(first?.id, expect.anything()));
    const pin = backups.pin(second!.id);
    release();
    await expect(pin).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    expect(await backups.list()).toEqual([(await task.result).entry]);
    expect(store.manifests.size).toBe(1);
  });
});

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

describe("backups.planRetention", () => {
  it("default: says what pruning would do, with the reasons, and does nothing", async () => {
    const { backups, store, host, keys, clock } = world();
    const made: string[] = [];
    for (const name of [undefined, undefined, "Before the trip", undefined]) {
      clock.advance(60_000);
      made.unshift((await backUp(backups, name)).id);
    }
    await backups.pin(made[2]!);
    const strict = createBackups({ host, store, keys, clock, policy: { keep: { last: 1 } } });
    const before = contentsOf(store);
    const plan = await strict.planRetention();
    expect(plan.map(({ id, action }) => [id, action])).toEqual([
      [made[0], "keep"],
      [made[1], "keep"],
      [made[2], "keep"],
      [made[3], "remove"],
    ]);
    expect(plan[0]?.reasons).toContainEqual({ reason: "newestWhole" });
    expect(plan[1]?.reasons).toEqual([{ reason: "named" }]);
    expect(plan[2]?.reasons).toEqual([{ reason: "pinned" }]);
    expect(plan[3]?.reasons).toEqual([{ reason: "noRule" }]);
    expect(contentsOf(store)).toEqual(before);
  });

  it("parameters: keep: tries other rules than the policy's", async () => {
    const { backups, clock } = world();
    for (let count = 0; count < 3; count += 1) {
      clock.advance(60_000);
      await backUp(backups);
    }
    expect((await backups.planRetention({ last: 2 })).map(({ action }) => action)).toEqual(["keep", "keep", "remove"]);
    expect((await backups.planRetention()).map(({ action }) => action)).toEqual(["keep", "keep", "keep"]);
  });

  it.each([{}, { last: -1 }, { last: 0 }, { yesterday: 1 }, { within: "soon" }, "all"])(
    "parameters: keep: %o is refused before anything is touched",
    async (keep) => {
      const { backups, store } = world();
      const opened = vi.spyOn(store, "open");
      await expect(backups.planRetention(keep as never)).rejects.toMatchObject({ code: "POLICY_INVALID" });
      expect(opened).not.toHaveBeenCalled();
    },
  );

  it("behavior: has the scope of pruning: another installation's archives are kept", async () => {
    const shared = world();
    const { id } = await backUp(shared.backups);
    const { installationId } = await shared.host.identity();
    const { backups } = newInstallation(shared, { installations: [{ id: installationId, isOwn: false }] });
    shared.clock.advance(1);
    const own = await backUp(backups);
    expect(await backups.planRetention({ last: 1 })).toMatchObject([
      { id: own.id, action: "keep" },
      { id, action: "keep", reasons: [{ reason: "otherInstallation" }] },
    ]);
  });

  it("behavior: what pruning then removes is what it said", async () => {
    const { backups, store, host, keys, clock } = world();
    for (let count = 0; count < 4; count += 1) {
      clock.advance(86_400_000);
      await backUp(backups);
    }
    const strict = createBackups({ host, store, keys, clock, policy: { keep: { last: 2 } } });
    const said = (await strict.planRetention({ last: 1 })).filter(({ action }) => action === "remove").map(({ id }) => id);
    clock.advance(86_400_000);
    expect((await strict.backup().result).prunedIds).toEqual(said);
    expect(said).toHaveLength(3);
  });

  it("behavior: a closed client and a store that is down are told as that; an abort rejects with its reason", async () => {
    const { backups, host, store } = world();
    store.failures.failNext("list", new Error("connection reset"));
    await expect(backups.planRetention()).rejects.toMatchObject({ code: "STORE_FAILED" });
    host.failures.failNext("identity", new Error("no"));
    await expect(backups.planRetention()).rejects.toMatchObject({ code: "HOST_FAILED" });
    const reason = new Error("Enough.");
    await expect(backups.planRetention(undefined, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    host.close();
    await expect(backups.planRetention()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });
});

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
