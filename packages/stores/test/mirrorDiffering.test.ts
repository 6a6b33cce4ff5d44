import { type ArchiveStore, BackupError } from "@xmtp-backup/core";
import { memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { mirror } from "../src/mirror/index.ts";
import { sha256 } from "../src/sha256.ts";
import { bytesOf, change, keep, keys, listOf, nameOf, putRing, ringOf, world } from "./mirror/hostileWorld.ts";

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
