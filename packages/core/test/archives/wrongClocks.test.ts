import { type ArchiveStore, createBackups } from "@xmtp-backup/core";
import { fakeClock, fakeHost, fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";

const hourMs = 3_600_000;

/** A second device of the same inbox, over the same store, whose clock is ahead. */
function deviceAhead({ store, keys, clock }: ReturnType<typeof world>, aheadMs: number) {
  const wrong = fakeClock();
  wrong.advance(clock.now() - wrong.now() + aheadMs);
  const host = fakeHost({ inbox: fakeInbox() });
  return { host, backups: createBackups({ host, store, keys, clock: wrong }) };
}

/** Lets something happen in a store just before one of its calls, once. */
function before(store: ArchiveStore, method: "putManifest", happen: () => Promise<void>): void {
  const call = store[method].bind(store);
  let isDone = false;
  vi.spyOn(store, method).mockImplementation(async (...args) => {
    if (!isDone) {
      isDone = true;
      await happen();
    }
    return call(...args);
  });
}

describe("another device whose clock is ahead", () => {
  it("default: its start leaves an upload alone that is young by the store's clock", async () => {
    const one = world();
    const two = deviceAhead(one, 8 * 24 * hourMs);
    before(one.store, "putManifest", async () => {
      await two.backups.start();
      two.backups.stop();
    });
    const { entry } = await one.backups.backup().result;
    expect(one.store.archives.has(entry.id)).toBe(true);
    expect((await one.backups.verify(entry.id)).seal).toBe("open");
  });

  it("behavior: an upload that is a week old by the store's clock is removed, whatever the device's clock says", async () => {
    const one = world();
    const id = crypto.randomUUID();
    await one.store.put(id, new Blob(["half"]));
    one.clock.advance(8 * 24 * hourMs);
    const two = deviceAhead(one, -1_000 * hourMs);
    await two.backups.start();
    two.backups.stop();
    expect(one.store.archives.size).toBe(0);
  });

  it("behavior: an upload of an age that the store can't tell stays", async () => {
    const one = world();
    const id = crypto.randomUUID();
    await one.store.put(id, new Blob(["half"]));
    vi.spyOn(one.store, "unfinished").mockResolvedValue([{ id }]);
    one.clock.advance(1_000 * hourMs);
    await one.backups.start();
    one.backups.stop();
    expect(one.store.archives.has(id)).toBe(true);
  });

  it.each<[string, number[]]>([
    ["that one of its files makes young", [8 * 24 * hourMs, hourMs]],
    ["older than any upload can be, as a place without a clock makes them", [60 * 365 * 24 * hourMs]],
    ["that is no number", [NaN]],
    ["without an end", [Infinity]],
    ["below zero", [-8 * 24 * hourMs]],
  ])("behavior: an upload of an age %s stays", async (_title, ages) => {
    const one = world();
    const id = crypto.randomUUID();
    await one.store.put(id, new Blob(["half"]));
    vi.spyOn(one.store, "unfinished").mockResolvedValue(ages.map((ageMs) => ({ id, ageMs })));
    await one.backups.start();
    one.backups.stop();
    expect(one.store.archives.has(id)).toBe(true);
  });

  it("behavior: an old upload that is listed, or written again, between two looks stays", async () => {
    const one = world();
    const [listed, again] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [listed, again]) await one.store.put(id, new Blob(["half"]));
    one.clock.advance(8 * 24 * hourMs);
    const unfinished = one.store.unfinished.bind(one.store);
    let looks = 0;
    vi.spyOn(one.store, "unfinished").mockImplementation(async (options) => {
      const found = await unfinished(options);
      looks += 1;
      if (looks === 1) {
        await one.store.putManifest(listed, new Uint8Array([1]));
        await one.store.put(again, new Blob(["more of it"]));
      }
      return found;
    });
    await one.backups.start();
    one.backups.stop();
    expect([...one.store.archives.keys()].sort()).toEqual([listed, again].sort());
  });
});

describe("a backup whose bytes another device removes before it is listed", () => {
  const keepOne = { policy: { frequency: "never", keep: { last: 1 } } } as const;

  it("default: fails, prunes nothing, and lists nothing", async () => {
    const one = world({}, keepOne);
    const { entry: first } = await one.backups.backup().result;
    before(one.store, "putManifest", async () => {
      for (const id of one.store.archives.keys()) if (id !== first.id) one.store.archives.delete(id);
    });
    one.clock.advance(1_000);
    await expect(one.backups.backup().result).rejects.toMatchObject({ code: "STORE_MISMATCH", retryable: true });
    expect((await one.backups.list()).map(({ id }) => id)).toEqual([first.id]);
    expect(one.store.archives.has(first.id)).toBe(true);
    await one.backups.backup().result;
    expect((await one.backups.list()).map(({ id }) => id)).not.toContain(first.id);
  });

  it("behavior: so does one whose bytes are cut", async () => {
    const one = world({}, keepOne);
    const { entry: first } = await one.backups.backup().result;
    before(one.store, "putManifest", async () => {
      for (const [id, bytes] of one.store.archives) if (id !== first.id) one.store.archives.set(id, bytes.slice(0, 10));
    });
    await expect(one.backups.backup().result).rejects.toMatchObject({ code: "STORE_MISMATCH" });
    expect((await one.backups.list()).map(({ id }) => id)).toEqual([first.id]);
  });

  it("behavior: a store that can't be asked afterwards keeps everything, and the backup has succeeded", async () => {
    const one = world({}, keepOne);
    const { entry: first } = await one.backups.backup().result;
    one.store.failures.failNext("sizeOf", new Error("the network is down"), 2);
    one.clock.advance(1_000);
    const { entry, prunedIds, pruneError } = await one.backups.backup().result;
    expect([prunedIds, pruneError]).toMatchObject([[], { code: "STORE_FAILED" }]);
    expect((await one.backups.list()).map(({ id }) => id)).toEqual([entry.id, first.id]);
  });
});
