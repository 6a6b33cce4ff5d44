import { type ArchiveStore, BackupError, type KeyStore } from "@xmtp-backup/core";
import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { mirror } from "../src/mirror/index.ts";
import { sha256 } from "../src/sha256.ts";
import { forgedKinds, forgedNotes } from "./mirror/hostilePlace.ts";
import { sealing } from "./mirror/sealing.ts";
import { change, device, keep, keys, listOf, nameOf, putRing, ringOf, seal, world } from "./mirror/hostileWorld.ts";

/** A store whose manifests are made with another key, whatever is put there. */
function sealingStore(store: ArchiveStore): ArchiveStore {
  const other = sealing(new Uint8Array(32).fill(9));
  return { ...store, putManifest: async (id) => store.putManifest(id, await other.seal(id, "of another key")) };
}

describe("a mirror with a hostile place", () => {
  for (const [index, kind] of forgedKinds.entries()) {
    it(`behavior: notes ${kind} remove no archive of another place, and replace no key ring`, async () => {
      const { good, hostile, open, write } = world();
      const ids = [await keep(open(), "first"), await keep(open(), "second")];
      await putRing(open(), ringOf(1));
      const rings = await Promise.all([ringOf(1), ringOf(9)].map(sha256));
      const seen = new Map([...hostile.manifests].map(([id, manifest]) => [id, [manifest]]));
      write(hostile, "key-ring", ringOf(9));
      write(hostile, "mirror", forgedNotes(seen, rings, index));
      for (const id of ids) await hostile.remove(id);
      const store = open();
      expect([...(await listOf(store)).keys()].sort()).toEqual([...ids].sort());
      expect((await store.getDocument?.("key-ring"))?.bytes).toEqual(ringOf(1));
      expect((await store.repair()).removed).toEqual([]);
      expect([...good.manifests.keys()].sort()).toEqual([...ids].sort());
      expect(good.documents.get("key-ring")?.bytes).toEqual(ringOf(1));
    });
  }

  it.each<[string, unknown[] | Error | undefined]>([
    ["zeros in front", [new Uint8Array(32)]],
    ["16 bytes in front", [new Uint8Array(16).fill(7)]],
    ["a text in front", ["5f".repeat(32)]],
    ["no list", undefined],
    ["an error at once", new Error("The store is closed.")],
  ])("behavior: a key store that gives %s does not keep the places from being read", async (_what, bad) => {
    const { open } = world();
    const id = await keep(open(), "first");
    const odd: KeyStore = {
      load(options) {
        if (bad instanceof Error) throw bad;
        return keys.load(options).then((good) => (bad && [...bad, ...good]) as Uint8Array[]);
      },
      add: (key) => keys.add(key),
    };
    const store = open({ keys: odd });
    expect([...(await listOf(store)).keys()]).toEqual([id]);
    expect(await store.repair()).toMatchObject({ removed: [] });
  });

  it("behavior: a place that kept the proven removals and lost the rest takes no archive with it", async () => {
    const { good, hostile, places, open } = world();
    const old = [await keep(open(), "one"), await keep(open(), "two")];
    places[0].isUp = false;
    for (const text of ["three", "four"]) await keep(open(), text);
    const pruning = open();
    await listOf(pruning);
    for (const id of old) await pruning.remove(id);
    hostile.manifests.clear();
    hostile.archives.clear();
    places[0].isUp = true;
    const store = open();
    // What superseded them is gone: they count again.
    expect([...(await listOf(store)).keys()].sort()).toEqual([...old].sort());
    const report = await store.repair();
    expect(report).toMatchObject({ removed: [], remaining: [] });
    expect(report.copied.sort()).toEqual([...old].sort());
    expect([...good.manifests.keys()].sort()).toEqual([...old].sort());
  });

  it("behavior: archives that a place lists without their bytes push none out of another", async () => {
    const { good, hostile, places, open } = world();
    const old = await keep(open(), "old");
    places[0].isUp = false;
    const recent = await keep(open(), "recent");
    hostile.archives.delete(recent);
    places[0].isUp = true;
    const store = open();
    expect([...(await listOf(store)).keys()].sort()).toEqual([old, recent].sort());
    await store.remove(old);
    expect([...(await listOf(store)).keys()]).toEqual([recent]);
    expect((await store.repair()).removed).toEqual([]);
    expect(await (await good.get(old)).text()).toBe("old");
    hostile.archives.set(recent, new TextEncoder().encode("recent"));
    expect(await open().repair()).toMatchObject({ copied: [recent], removed: [old], remaining: [] });
    expect([...good.manifests.keys()]).toEqual([recent]);
  });

  it("behavior: a removal reaches a place that was away only for archives that the remover could prove", async () => {
    const { good, hostile, places, open } = world();
    const [proven, other] = [await keep(open(), "proven"), await keep(sealingStore(open()), "of another key")];
    places[0].isUp = false;
    const store = open();
    await listOf(store);
    for (const id of [proven, other]) await store.remove(id);
    expect(hostile.manifests.size).toBe(0);
    places[0].isUp = true;
    expect(await open().repair()).toMatchObject({ removed: [proven] });
    expect([...good.manifests.keys()]).toEqual([other]);
  });

  it("behavior: a removal does not concern a pin that the remover had not seen", async () => {
    const { good, hostile, places, open } = world();
    const [id] = [await keep(open(), "old"), await keep(open(), "new")];
    const unpinned = hostile.manifests.get(id)!;
    await change(open(), id, { pinned: true });
    hostile.manifests.set(id, unpinned);
    places[0].isUp = false;
    const store = open();
    await listOf(store);
    await store.remove(id);
    places[0].isUp = true;
    expect(await open().repair()).toMatchObject({ removed: [], copied: [id], remaining: [] });
    expect((await device.open(id, good.manifests.get(id)!)).details?.pinned).toBe(true);
  });

  it("behavior: an older manifest that is put back is not read, and replaced", async () => {
    const { good, hostile, places, open } = world();
    const id = await keep(open(), "old name");
    const before = hostile.manifests.get(id)!;
    await change(open(), id, { name: "new name" });
    hostile.manifests.set(id, before);
    const swapped = mirror([places[1], places[0]], { keys, restMs: 0, repairs: false });
    expect(await nameOf(id, (await listOf(swapped)).get(id))).toBe("new name");
    expect(await swapped.repair()).toMatchObject({ updated: [id], remaining: [] });
    expect(hostile.manifests.get(id)).toEqual(good.manifests.get(id));
  });

  it("behavior: bytes that are not those that were stored are neither read nor copied while another place has the right ones", async () => {
    const { good, hostile, places } = world();
    const store = mirror([places[1], places[0]], { keys, restMs: 0, repairs: false });
    const id = await keep(store, "whole");
    hostile.archives.set(id, new TextEncoder().encode("wrong"));
    await listOf(store);
    expect(await (await store.get(id)).text()).toBe("whole");
    await good.remove(id);
    expect(await store.repair()).toMatchObject({ copied: [], remaining: [{ place: 1, code: "ARCHIVE_DAMAGED", archive: id }] });
    expect(good.archives.size).toBe(0);
  });

  it("behavior: wrong bytes are not what is read while the place with the right ones is away", async () => {
    const { hostile, places, open } = world();
    const store = open();
    const id = await keep(store, "whole");
    hostile.archives.set(id, new TextEncoder().encode("wrong"));
    await listOf(store);
    places[0].isUp = false;
    await expect(store.get(id)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("behavior: what no key proves is listed, copied nowhere, and told", async () => {
    const { good, hostile, open } = world();
    const other = await keep(sealingStore(hostile), "of another key");
    const cut = await keep(hostile, "cut");
    hostile.manifests.set(cut, hostile.manifests.get(cut)!.slice(0, 40));
    const store = open();
    expect((await listOf(store)).size).toBe(2);
    expect((await store.repair()).remaining).toMatchObject([
      { place: 0, code: "KEY_WRONG", archive: other },
      { place: 0, code: "ARCHIVE_DAMAGED", archive: cut },
    ]);
    expect(good.manifests.size + good.archives.size).toBe(0);
    expect(store.health().map(({ behind }) => behind)).toEqual([0, 0]);
  });

  it("behavior: an older key ring that is put back is not read, and replaced; a forged one is not read, and left alone", async () => {
    const { good, hostile, places, open, write } = world();
    for (const value of [1, 2, 3]) await putRing(open(), ringOf(value));
    const swapped = () => mirror([places[1], places[0]], { keys, restMs: 0, repairs: false });
    write(hostile, "key-ring", ringOf(1));
    expect((await swapped().getDocument?.("key-ring"))?.bytes).toEqual(ringOf(3));
    expect((await swapped().repair()).remaining).toEqual([]);
    expect(hostile.documents.get("key-ring")?.bytes).toEqual(ringOf(3));
    write(hostile, "key-ring", ringOf(9));
    const store = swapped();
    expect((await store.getDocument?.("key-ring"))?.bytes).toEqual(ringOf(3));
    expect((await store.repair()).remaining).toEqual([{ place: 0, code: "STORE_CONFLICT", document: "key-ring" }]);
    expect(store.health().map(({ behind, differing }) => [behind, differing])).toEqual([
      [0, 1],
      [0, 0],
    ]);
    await expect(putRing(store, ringOf(4))).rejects.toMatchObject({ code: "STORE_CONFLICT" });
    expect([good, hostile].map(({ documents }) => documents.get("key-ring")?.bytes)).toEqual([ringOf(3), ringOf(9)]);
  });

  it("behavior: a key ring that a place lost is given back, and a forged one is not put in place of one that was lost", async () => {
    const { good, hostile, open, write } = world();
    await putRing(open(), ringOf(1));
    hostile.documents.delete("key-ring");
    expect((await open().repair()).remaining).toEqual([]);
    expect(hostile.documents.get("key-ring")?.bytes).toEqual(ringOf(1));
    good.documents.delete("key-ring");
    write(hostile, "key-ring", ringOf(9));
    expect((await open().repair()).remaining).toEqual([{ place: 0, code: "STORE_CONFLICT", document: "key-ring" }]);
    expect(good.documents.has("key-ring")).toBe(false);
  });

  it("behavior: somebody with an older key can't prove which key ring is the newest", async () => {
    const [older, newest] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)];
    const both = memoryKeys(newest, older);
    const { good, hostile, open, write, places } = world({ keys: both });
    await putRing(open(), ringOf(1));
    await putRing(open(), ringOf(2));
    // The thief writes a key ring after the real one in a mirror of its own, often enough, and brings the notes of it here.
    const own = [memoryStore(), memoryStore()] as const;
    const forging = mirror(own, { keys: memoryKeys(older), repairs: false });
    for (const value of [1, 2, 3, 4, 5, 6, 9]) await putRing(forging, ringOf(value));
    write(hostile, "key-ring", ringOf(9));
    write(hostile, "mirror", own[0].documents.get("mirror")!.bytes);
    const store = mirror([places[1], places[0]], { keys: both, restMs: 0, repairs: false });
    expect((await store.getDocument?.("key-ring"))?.bytes).toEqual(ringOf(2));
    await store.repair();
    expect(good.documents.get("key-ring")?.bytes).toEqual(ringOf(2));
  });

  it("behavior: an upload of another device does not look given up because one place says so, and is removed only where it is", async () => {
    let now = 1;
    const [good, hostile] = [memoryStore(() => now), memoryStore(() => now)];
    const store = mirror([good, hostile], { keys, restMs: 0, repairs: false });
    const [running, coming] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [running, coming]) await hostile.put(id, new Blob(["old"]));
    now = 5_000_000;
    await good.put(running, new Blob(["running"]));
    const found = new Map((await store.unfinished()).map(({ id, ageMs }) => [id, ageMs]));
    expect(found).toEqual(
      new Map([
        [running, 0],
        [coming, 4_999_999],
      ]),
    );
    await good.put(coming, new Blob(["coming"]));
    await store.remove(coming);
    expect(await (await good.get(coming)).text()).toBe("coming");
    expect(hostile.archives.has(coming)).toBe(false);
  });

  it("behavior: a place can't refuse an upload in the name of the other", async () => {
    const { good, hostile } = world();
    const id = crypto.randomUUID();
    const refusing = { ...hostile, put: async () => Promise.reject(new BackupError("STORE_FAILED", "It is listed.")) };
    hostile.manifests.set(id, new Uint8Array([1]));
    const store = mirror([good, refusing], { keys, restMs: 0, repairs: false });
    await store.put(id, new Blob(["whole"]));
    await store.putManifest(id, await seal(id, "whole"));
    expect(good.manifests.has(id)).toBe(true);
  });
});
