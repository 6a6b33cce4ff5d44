import { type ArchiveId, type ArchiveStore, BackupError, type KeyStore } from "@xmtp-backup/core";
import { type MemoryStore, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { mirror } from "../src/mirror/index.ts";
import { sealing } from "./mirror/sealing.ts";
import { bytesOf, keep, keys, listOf, putRing, ringOf, world } from "./mirror/hostileWorld.ts";

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
