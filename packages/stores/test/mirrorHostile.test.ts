import { type ArchiveId, type ArchiveStore, BackupError, type KeyStore } from "@xmtp-backup/core";
import { memoryKeys, type MemoryStore, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { mirror, type MirrorOptions } from "../src/mirror/index.ts";
import { sha256 } from "../src/sha256.ts";
import { forgedKinds, forgedNotes } from "./mirror/hostilePlace.ts";
import { sealing } from "./mirror/sealing.ts";
import { switchable } from "./mirror/switchable.ts";

const device = sealing();
const { keys, keep, change, nameOf, seal } = device;
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const ringOf = (...bytes: number[]) => new Uint8Array(bytes);

/** Two places in memory, each of which can be taken away, and a mirror of them. The second one is hostile. */
function world(options: MirrorOptions = {}) {
  const kept = [memoryStore(), memoryStore()] as const;
  const [good, hostile] = kept;
  const places = [switchable(good), switchable(hostile)] as const;
  const open = (more: MirrorOptions = {}) => mirror(places, { keys, restMs: 0, repairs: false, ...options, ...more });
  const write = (place: typeof hostile, name: string, bytes: Uint8Array) =>
    place.documents.set(name, { bytes, revision: crypto.randomUUID() });
  return { good, hostile, places, open, write };
}

async function listOf(store: ArchiveStore): Promise<Map<ArchiveId, Uint8Array>> {
  const listed = new Map<ArchiveId, Uint8Array>();
  for await (const { id, manifest } of store.list()) listed.set(id, manifest);
  return listed;
}

async function putRing(store: ArchiveStore, bytes: Uint8Array): Promise<void> {
  await store.putDocument?.("key-ring", bytes, { replaces: (await store.getDocument?.("key-ring"))?.revision });
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

describe("manifests that differ", () => {
  const cuts: Record<string, (bytes: Uint8Array) => Uint8Array> = {
    "is cut": (bytes) => bytes.slice(0, bytes.length - 30),
    "has one broken byte in its sealed part": (bytes) => bytes.map((byte, index) => (index === bytes.length - 20 ? byte ^ 1 : byte)),
    "is empty": () => new Uint8Array(),
    "is of another archive": () =>
      bytesOf({
        format: "xmtp-backup/manifest",
        version: 1,
        id: crypto.randomUUID(),
        createdAtMs: 1,
        sizeBytes: 1,
        keyFingerprint: "0".repeat(16),
        sealed: "AAAA",
      }),
  };
  for (const [kind, cut] of Object.entries(cuts)) {
    it(`behavior: the one that opens is read where the first place's ${kind}; neither is touched, and it is told`, async () => {
      const { good, hostile, places } = world();
      const store = mirror([places[1], places[0]], { keys, restMs: 0, repairs: false });
      const id = await keep(store, "whole");
      const damaged = cut(good.manifests.get(id)!);
      hostile.manifests.set(id, damaged);
      const other = mirror([places[1], places[0]], { keys, restMs: 0, repairs: false });
      expect(await nameOf(id, (await listOf(other)).get(id))).toBe("whole");
      expect(await other.repair()).toMatchObject({ updated: [], remaining: [{ place: 0, code: "STORE_CONFLICT", archive: id }] });
      expect(hostile.manifests.get(id)).toEqual(damaged);
      expect(await nameOf(id, good.manifests.get(id))).toBe("whole");
      expect(other.health().map(({ behind, differing }) => [behind, differing])).toEqual([
        [0, 1],
        [0, 0],
      ]);
      // A change by who has the key makes both whole.
      await change(other, id, { name: "named again" });
      expect(hostile.manifests.get(id)).toEqual(good.manifests.get(id));
      expect(other.health().map(({ differing }) => differing)).toEqual([0, 0]);
    });
  }

  it("parameters: keys: without them a cut manifest overwrites none either, and another one is read", async () => {
    const { good, hostile, places } = world();
    const store = () => mirror([places[1], places[0]], { restMs: 0, repairs: false });
    const id = await keep(store(), "whole");
    hostile.manifests.set(id, good.manifests.get(id)!.slice(0, 100));
    expect(await nameOf(id, (await listOf(store())).get(id))).toBe("whole");
    expect(await store().repair()).toMatchObject({ updated: [], remaining: [{ place: 0, code: "STORE_CONFLICT" }] });
    expect(await nameOf(id, good.manifests.get(id))).toBe("whole");
  });

  it("behavior: a manifest of a newer format is left as it is, by a change too", async () => {
    const { good, hostile, open } = world();
    const id = await keep(open(), "whole");
    const newer = bytesOf({ format: "xmtp-backup/manifest", version: 99, id });
    hostile.manifests.set(id, newer);
    const store = open();
    await change(store, id, { name: "named" });
    expect((await store.repair()).remaining).toMatchObject([{ place: 1, code: "STORE_CONFLICT", archive: id }]);
    expect(hostile.manifests.get(id)).toEqual(newer);
    expect(await nameOf(id, good.manifests.get(id))).toBe("named");
  });
});

describe("documents of a mirror", () => {
  for (const [name, index] of [
    ["first", 0],
    ["second", 1],
  ] as const) {
    it(`behavior: with the ${name} place away, none in the other is no answer`, async () => {
      const { good, hostile, places, open, write } = world();
      write([good, hostile][index]!, "key-ring", ringOf(1));
      places[index].isUp = false;
      await expect(open().getDocument?.("key-ring")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      places[index].isUp = true;
      expect((await open().getDocument?.("key-ring"))?.bytes).toEqual(ringOf(1));
      expect(await open().getDocument?.("another")).toBeUndefined();
    });
  }

  it("behavior: a place that fails otherwise, or is left in peace, may have it too", async () => {
    const { good, places, open } = world({ restMs: 60_000, now: () => 0 });
    for (const [error, code] of [
      [new BackupError("STORE_DENIED", "Not yours."), "STORE_DENIED"],
      [new TypeError("It broke."), "STORE_FAILED"],
    ] as const) {
      good.failures.failNext("getDocument", error);
      await expect(mirror([good, memoryStore()]).getDocument?.("key-ring")).rejects.toMatchObject({ code });
    }
    const store = open();
    places[0].isUp = false;
    await store.open();
    await expect(store.getDocument?.("key-ring")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("behavior: of versions of which nothing is known each can be read, under a name that goes by its bytes, whatever the order of the places", async () => {
    const { good, hostile, places, open, write } = world();
    write(good, "key-ring", ringOf(1));
    write(hostile, "key-ring", ringOf(2));
    const swapped = mirror([places[1], places[0]], { keys, restMs: 0, repairs: false });
    const [read, other] = [await open().getDocument?.("key-ring"), await swapped.getDocument?.("key-ring")];
    expect([read?.bytes, other?.bytes]).toEqual([ringOf(1), ringOf(2)]);
    const [[copy = ""] = [], [otherCopy = ""] = []] = [read?.copies, other?.copies];
    expect([copy, otherCopy]).toEqual([
      `key-ring ${(await sha256(ringOf(2))).slice(0, 16)}`,
      `key-ring ${(await sha256(ringOf(1))).slice(0, 16)}`,
    ]);
    expect((await open().getDocument?.("key-ring", { copy }))?.bytes).toEqual(ringOf(2));
    expect((await swapped.getDocument?.("key-ring", { copy: otherCopy }))?.bytes).toEqual(ringOf(1));
    // A name is of these bytes: what the place puts there later is another.
    write(hostile, "key-ring", ringOf(9));
    expect(await open().getDocument?.("key-ring", { copy })).toBeUndefined();
  });

  it("behavior: second versions that two places name alike hide one another no more, and a place can't take the name of another's version", async () => {
    const { good, hostile, write } = world();
    write(good, "key-ring", ringOf(1));
    write(hostile, "key-ring", ringOf(2));
    const ofHostile = `key-ring ${(await sha256(ringOf(2))).slice(0, 16)}`;
    /** A place that a sync program left second versions in. */
    const withCopies = (place: typeof good, copies: Record<string, number>): ArchiveStore => ({
      ...place,
      getDocument: async (name, { copy, ...options } = {}) => {
        if (copy !== undefined) return copies[copy] === undefined ? undefined : { bytes: ringOf(copies[copy]), revision: copy };
        const document = await place.getDocument(name, options);
        return document && { ...document, copies: Object.keys(copies) };
      },
    });
    const store = mirror(
      [withCopies(good, { "key-ring 2.json": 3 }), withCopies(hostile, { "key-ring 2.json": 4, [ofHostile]: 5, "key-ring 3.json": 6 })],
      { keys, restMs: 0, repairs: false },
    );
    const { copies = [] } = (await store.getDocument?.("key-ring")) ?? {};
    const read = await Promise.all(copies.map(async (copy) => (await store.getDocument?.("key-ring", { copy }))?.bytes[0]));
    expect(read.sort()).toEqual([2, 3, 4, 5, 6]);
    expect((await store.getDocument?.("key-ring", { copy: ofHostile }))?.bytes).toEqual(ringOf(2));
    expect((await store.getDocument?.("key-ring", { copy: "key-ring 3.json" }))?.bytes).toEqual(ringOf(6));
  });

  it("behavior: a change that ends after the first place is made whole by another device", async () => {
    const { good, hostile, places, open } = world();
    await putRing(open(), ringOf(1));
    await putRing(
      mirror(
        [places[0], { ...places[1], putDocument: async () => Promise.reject(new BackupError("STORE_UNAVAILABLE", "It broke off.")) }],
        { keys, restMs: 0 },
      ),
      ringOf(2),
    );
    expect(hostile.documents.get("key-ring")?.bytes).toEqual(ringOf(1));
    expect((await open().repair()).remaining).toEqual([]);
    expect(hostile.documents.get("key-ring")?.bytes).toEqual(good.documents.get("key-ring")?.bytes);
  });
});

describe("notes of a mirror", () => {
  it("behavior: notes of a newer format are kept untouched", async () => {
    const { good, hostile, places, open, write } = world();
    const newer = bytesOf({ format: "xmtp-backup/mirror", version: 3, anything: true });
    const id = await keep(open(), "old");
    write(hostile, "mirror", newer);
    places[0].isUp = false;
    const store = open();
    await listOf(store);
    await store.remove(id);
    places[0].isUp = true;
    expect(await store.repair()).toMatchObject({ removed: [id], remaining: [] });
    await putRing(store, ringOf(1));
    expect(hostile.documents.get("mirror")?.bytes).toEqual(newer);
    expect(good.documents.has("mirror")).toBe(true);
  });

  it("behavior: notes go by no order of the places", async () => {
    const { good, hostile, places, open } = world();
    const [id] = [await keep(open(), "old"), await keep(open(), "new")];
    await putRing(open(), ringOf(1));
    places[0].isUp = false;
    const store = open();
    await listOf(store);
    await store.remove(id);
    places[0].isUp = true;
    const third = memoryStore();
    const swapped = mirror([third, places[1], places[0]], { keys, restMs: 0, repairs: false });
    expect(await swapped.repair()).toMatchObject({ removed: [id], remaining: [] });
    expect([...third.manifests.keys()]).toEqual([...good.manifests.keys()]);
    expect([good, hostile, third].map(({ documents }) => documents.get("key-ring")?.bytes)).toEqual([ringOf(1), ringOf(1), ringOf(1)]);
  });

  it("behavior: the list of places can change under the app's hands", async () => {
    const { places, good, hostile } = world();
    const list: ArchiveStore[] = [...places];
    const store = mirror(list, { keys, restMs: 0, repairs: false });
    places[1].isUp = false;
    const id = await keep(store, "whole");
    list.reverse();
    list.unshift(memoryStore());
    places[1].isUp = true;
    expect(store.health().map(({ index, behind }) => [index, behind])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(await store.repair()).toMatchObject({ copied: [id], remaining: [] });
    expect([...hostile.manifests]).toEqual([...good.manifests]);
  });

  it("behavior: notes that were copied from one place into another mean the same there", async () => {
    const { good, hostile, places, open, write } = world();
    const [id] = [await keep(open(), "old"), await keep(open(), "new")];
    await putRing(open(), ringOf(1));
    places[0].isUp = false;
    const store = open();
    await listOf(store);
    await store.remove(id);
    places[0].isUp = true;
    const third = memoryStore();
    // Somebody who can write to a third place copies there what the second one has to say.
    write(third, "mirror", hostile.documents.get("mirror")!.bytes);
    const wider = mirror([third, ...places], { keys, restMs: 0, repairs: false });
    expect((await wider.repair()).removed).toEqual([id]);
    expect([good, hostile, third].map(({ manifests }) => [...manifests.keys()])).toEqual([
      [...good.manifests.keys()],
      [...good.manifests.keys()],
      [...good.manifests.keys()],
    ]);
    expect(good.manifests.size).toBe(1);
  });

  describe("places that are not in every list", () => {
    const listing = (...places: ArchiveStore[]) => mirror(places, { keys, restMs: 0, repairs: false });
    const idsIn = (...places: MemoryStore[]) =>
      places.map(({ manifests, archives }) => [[...manifests.keys()].sort(), [...archives.keys()].sort()]);
    const noteIn = (place: MemoryStore) =>
      JSON.parse(new TextDecoder().decode(place.documents.get("mirror")?.bytes)) as {
        place: string;
        places: { id: string }[];
        removed: object[];
      };
    const write = (place: MemoryStore, value: unknown) =>
      place.documents.set("mirror", { bytes: bytesOf(value), revision: crypto.randomUUID() });

    /** A laptop with its disk, a phone with its own storage, and a bucket that both have; each has the same two archives. */
    async function twoDevices() {
      const [disk, phone, bucket] = [memoryStore(), memoryStore(), memoryStore()];
      const old = await keep(listing(disk, bucket), "old");
      const newer = await keep(listing(disk, bucket), "new");
      await listing(bucket, phone).repair();
      await keep(listing(phone, bucket), "of the phone");
      await listing(bucket, disk).repair();
      return { disk, phone, bucket, old, newer };
    }

    it("behavior: what one device removed from its places does not come back from those of another", async () => {
      const { disk, phone, bucket, old } = await twoDevices();
      expect(noteIn(bucket).places).toHaveLength(3);
      const laptop = listing(disk, bucket);
      await listOf(laptop);
      await laptop.remove(old);
      expect(await listing(bucket, disk).repair()).toMatchObject({ copied: [], removed: [], remaining: [] });
      const report = await listing(phone, bucket).repair();
      expect([report.copied, report.removed, report.remaining]).toEqual([[], [old], []]);
      for (const each of idsIn(disk, phone, bucket)) expect(each.flat()).not.toContain(old);
      // Where one device has every place in its list, nobody else needs the note.
      await listing(phone, bucket, disk).repair();
      for (const place of [disk, bucket, phone]) expect(noteIn(place).removed).toEqual([]);
    });

    it("behavior: no more removals are remembered for other devices than the notes have room for", async () => {
      const { disk, phone, bucket } = await twoDevices();
      const laptop = listing(disk, bucket);
      const ids: ArchiveId[] = [];
      for (let count = 0; count < 140; count++) ids.push(await keep(laptop, `archive ${count}`));
      await listOf(laptop);
      for (const id of ids.slice(0, -1)) await laptop.remove(id);
      await laptop.repair();
      const remembered = noteIn(bucket).removed as { id: ArchiveId }[];
      expect(remembered).toHaveLength(128);
      expect(remembered.map(({ id }) => id).sort()).toEqual(ids.slice(-129, -1).sort());
      expect(bucket.documents.get("mirror")!.bytes.length).toBeLessThan(256 * 1024);
      expect((await listing(phone, bucket).repair()).remaining).toEqual([]);
    });

    it("behavior: so it is whatever the order of each list, and after a place was taken out for a while", async () => {
      const { disk, phone, bucket, old, newer } = await twoDevices();
      await listing(bucket, disk).remove(old);
      const third = memoryStore();
      await listing(third, disk).repair();
      const report = await listing(phone, third, bucket, disk).repair();
      expect([report.removed, report.remaining]).toEqual([[old], []]);
      for (const [manifests] of idsIn(disk, phone, bucket, third)) expect(manifests).toContain(newer);
      for (const [manifests] of idsIn(disk, phone, bucket, third)) expect(manifests).not.toContain(old);
    });

    it("behavior: an archive that somebody put back into a place that had removed it stays, and is given to the others", async () => {
      const { disk, phone, bucket, old } = await twoDevices();
      const [manifest, archive] = [disk.manifests.get(old)!, disk.archives.get(old)!];
      await listing(disk, bucket).remove(old);
      disk.archives.set(old, archive);
      disk.manifests.set(old, manifest);
      for (const device of [listing(disk, bucket), listing(phone, bucket), listing(bucket, disk)])
        expect((await device.repair()).removed).toEqual([]);
      for (const [manifests] of idsIn(disk, phone, bucket)) expect(manifests).toContain(old);
    });

    it("behavior: a folder that was copied gets an id of its own", async () => {
      const { disk, bucket, old } = await twoDevices();
      const copied = memoryStore();
      for (const [id, bytes] of disk.archives) copied.archives.set(id, bytes);
      for (const [id, bytes] of disk.manifests) copied.manifests.set(id, bytes);
      for (const [name, document] of disk.documents) copied.documents.set(name, document);
      await listing(disk, copied, bucket).repair();
      expect(new Set([disk, copied, bucket].map((place) => noteIn(place).place)).size).toBe(3);
      await listing(disk, bucket).remove(old);
      expect((await listing(bucket, copied).repair()).removed).toEqual([old]);
    });

    it.each<[string, (place: MemoryStore, disk: MemoryStore, phone: MemoryStore) => void]>([
      ["claims the id of a place that answers", (place, disk) => write(place, { ...noteIn(place), place: noteIn(disk).place })],
      ["claims the id of a place that is away", (place, _disk, phone) => write(place, { ...noteIn(place), place: noteIn(phone).place })],
      ["has no id", (place) => write(place, { ...noteIn(place), place: undefined })],
      ["has an id that is none", (place) => write(place, { ...noteIn(place), place: "../disk" })],
      ["shows the notes of another place", (place, disk) => place.documents.set("mirror", disk.documents.get("mirror")!)],
      [
        "names places that nobody met",
        (place) =>
          write(place, {
            ...noteIn(place),
            places: Array.from({ length: 99 }, () => ({
              id: crypto.randomUUID(),
              keyFingerprint: "0".repeat(16),
              mac: btoa("x".repeat(32)),
            })),
          }),
      ],
      [
        "says that every place has removed everything",
        (place, disk, phone) =>
          write(place, {
            ...noteIn(place),
            removed: noteIn(place).removed.map((removal) => ({
              ...removal,
              doneIn: [place, disk, phone].map((each) => ({ place: noteIn(each).place, mac: btoa("x".repeat(32)) })),
            })),
          }),
      ],
    ])("behavior: a hostile place that %s costs no archive, and removes none", async (_name, deceive) => {
      const { disk, phone, bucket, old, newer } = await twoDevices();
      await listing(disk, bucket).remove(old);
      deceive(bucket, disk, phone);
      for (const device of [listing(bucket, disk), listing(phone, bucket), listing(disk, bucket), listing(bucket, phone, disk)]) {
        expect((await device.repair()).removed.filter((id) => id !== old)).toEqual([]);
        deceive(bucket, disk, phone);
      }
      for (const [manifests, archives] of idsIn(disk, phone)) {
        expect(manifests).toContain(newer);
        expect(archives).toEqual(manifests);
      }
      for (const place of [disk, phone]) expect(noteIn(place).places.length).toBeLessThanOrEqual(16);
    });

    it("behavior: a place that changes its id each time fills no notes", async () => {
      const { disk, bucket } = await twoDevices();
      for (let times = 0; times < 40; times++) {
        write(bucket, { ...noteIn(bucket), place: crypto.randomUUID() });
        await listing(disk, bucket).repair();
      }
      expect(noteIn(disk).places.length).toBeLessThanOrEqual(16);
    });
  });

  it("behavior: they say the same whatever the clocks of the devices say", async () => {
    const { good, places, open } = world();
    const [id] = [await keep(open({ now: () => 9e15 }), "old"), await keep(open(), "new")];
    places[0].isUp = false;
    const store = open({ now: () => 0 });
    await listOf(store);
    await store.remove(id);
    places[0].isUp = true;
    expect(await open({ now: () => -1 }).repair()).toMatchObject({ removed: [id], remaining: [] });
    expect(good.manifests.has(id)).toBe(false);
  });

  it("behavior: notes of keys that are not at hand stay for the devices that have them", async () => {
    const { hostile, places, open } = world();
    const id = await keep(open(), "old");
    places[0].isUp = false;
    const store = open();
    await listOf(store);
    await store.remove(id);
    const other = sealing(new Uint8Array(32).fill(9));
    places[0].isUp = true;
    await putRing(mirror(places, { keys: other.keys, restMs: 0 }), ringOf(1));
    expect(new TextDecoder().decode(hostile.documents.get("mirror")?.bytes)).toContain(id);
    expect((await open().repair()).removed).toEqual([id]);
  });

  it("parameters: keys: what it lends is overwritten, and its failure is no failure of the mirror", async () => {
    const lent: Uint8Array[] = [];
    const lending: KeyStore = { ...keys, load: async (options) => (await keys.load(options)).map((key) => (lent.push(key), key)) };
    const { open } = world({ keys: lending });
    const id = await keep(open(), "whole");
    expect(lent.length).toBeGreaterThan(0);
    expect(lent.every((key) => key.every((byte) => byte === 0))).toBe(true);
    const failing: KeyStore = { ...keys, load: async () => Promise.reject(new BackupError("KEY_STORE_FAILED", "Locked.")) };
    expect([...(await listOf(open({ keys: failing }))).keys()]).toEqual([id]);
  });
});

/** A store whose manifests are made with another key, whatever is put there. */
function sealingStore(store: ArchiveStore): ArchiveStore {
  const other = sealing(new Uint8Array(32).fill(9));
  return { ...store, putManifest: async (id) => store.putManifest(id, await other.seal(id, "of another key")) };
}
