import { readFile } from "node:fs/promises";
import { createBackups, generateArchiveKey, keyFingerprint, type KeyStore } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryJournal, memoryKeys, type MemoryStore, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { custom, generateRecoveryPhrase, type KeyRing, keyRing, recoveryPhrase, type SlotKey } from "../src/index.ts";
import { authenticate, withAnchorOf } from "../src/ring/anchor.ts";
import { decodeRing, encodeRing } from "../src/ring/ringFile.ts";
import { makeSlot, sealRing } from "../src/ring/sealRing.ts";
import { fixedSlotKey, memoryVault } from "./support.ts";

const phraseSlot = (): SlotKey => recoveryPhrase(generateRecoveryPhrase());
const kindsOf = async (ring: KeyRing) => (await ring.inspect()).warnings.map(({ kind }) => kind);
const bytesIn = (store: MemoryStore) => store.documents.get("key-ring")?.bytes ?? new Uint8Array();

/** Puts bytes into the ring's place, as whoever can write into the store can. */
function plant(store: MemoryStore, bytes: Uint8Array): void {
  store.documents.set("key-ring", { bytes: new Uint8Array(bytes), revision: crypto.randomUUID() });
}

/** A device whose ring two slots open: its owner's, and that of a thief. */
async function robbed(cache: KeyStore = memoryKeys()) {
  const store = memoryStore();
  const own = phraseSlot();
  const thief = phraseSlot();
  const ring = keyRing({ store, cache });
  await ring.addSlot(own);
  const { id: thiefsId } = await ring.addSlot(thief);
  return { store, cache, ring, own, thief, thiefsId, old: bytesIn(store), restart: () => keyRing({ store, cache }) };
}

/** The keys that a slot gives to somebody who has the store alone. */
async function keysFor(store: MemoryStore, slotKey: SlotKey): Promise<string[]> {
  const ring = keyRing({ store });
  await ring.open(slotKey);
  return (await ring.load()).map(keyFingerprint);
}

const caches: Record<string, () => KeyStore> = {
  "a cache with notes": memoryKeys,
  "a cache without notes": () => {
    const { load, add } = memoryKeys();
    return { load, add };
  },
};

describe.each(Object.entries(caches))("an older ring that is put back, on a device with %s", (_name, cacheOf) => {
  it.each(["in the same process", "after a restart"])("default: newer keys are never sealed to a removed slot, %s", async (when) => {
    const { store, ring, own, thief, thiefsId, old, restart, cache } = await robbed(cacheOf());
    await ring.removeSlot(thiefsId);
    await ring.rotate();
    const renewed = phraseSlot();
    await ring.renew(renewed);
    plant(store, old);
    const device = when === "after a restart" ? restart() : ring;
    const held = (await cache.load()).map(keyFingerprint);
    expect(await kindsOf(device)).toContain("ringOlder");
    const attempts = [
      () => device.open(own),
      () => device.test(own),
      () => device.rotate(),
      () => device.addSlot(phraseSlot()),
      () => device.removeSlot(thiefsId),
      () => device.add(generateArchiveKey()),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "KEY_RING_ROLLED_BACK", retryable: false });
    expect(bytesIn(store)).toEqual(old);
    expect((await cache.load()).map(keyFingerprint)).toEqual(held);
    expect(await keysFor(store, thief)).toHaveLength(1);
  });

  it("behavior: after a removal alone too, a slot that is there again gets no later key", async () => {
    const { store, ring, thief, thiefsId, old, restart } = await robbed(cacheOf());
    await ring.removeSlot(thiefsId);
    plant(store, old);
    await expect(restart().rotate()).rejects.toMatchObject({ code: "KEY_RING_ROLLED_BACK" });
    expect(await keysFor(store, thief)).toHaveLength(1);
  });

  it("behavior: a new ring is the safe way out, in every case", async () => {
    const { store, ring, thief, thiefsId, old, restart } = await robbed(cacheOf());
    await ring.removeSlot(thiefsId);
    await ring.rotate();
    plant(store, old);
    const fresh = phraseSlot();
    await restart().renew(fresh);
    expect(await kindsOf(restart())).toEqual(["oneSlot"]);
    await expect(keysFor(store, thief)).rejects.toMatchObject({ code: "SECRET_WRONG" });
    expect(await keysFor(store, fresh)).toEqual((await restart().load()).map(keyFingerprint));
  });
});

describe("a device's memory of its ring", () => {
  it("default: putBack writes the newest ring back, with its slots", async () => {
    const { store, ring, own, thief, thiefsId, old, restart } = await robbed();
    const vault = custom(memoryVault());
    await ring.addSlot(vault);
    await ring.removeSlot(thiefsId);
    await ring.rotate();
    plant(store, old);
    const state = await restart().putBack();
    expect(state).toMatchObject({ isOpen: true, slots: [{ kind: "recoveryPhrase" }, { kind: "custom" }], warnings: [] });
    const keys = (await ring.load()).map(keyFingerprint);
    for (const slotKey of [own, vault]) expect(await keysFor(store, slotKey)).toEqual(keys);
    await expect(keysFor(store, thief)).rejects.toMatchObject({ code: "SECRET_WRONG" });
    await restart().rotate();
    const before = bytesIn(store);
    await restart().putBack();
    expect(bytesIn(store)).toEqual(before);
  });

  it("behavior: a ring of another change at the same time is taken, and one in which a removed slot is again is not", async () => {
    const { store, ring, own, thiefsId, old } = await robbed();
    const other = keyRing({ store, cache: memoryKeys() });
    await other.open(own);
    await ring.removeSlot(thiefsId);
    plant(store, old);
    for (let change = 0; change < 3; change++) await other.addSlot(custom(memoryVault(`vault-${change}`)));
    expect(await kindsOf(ring)).toEqual(["ringOlder"]);
    await expect(ring.rotate()).rejects.toMatchObject({ code: "KEY_RING_ROLLED_BACK" });
    await ring.putBack();
    expect((await ring.inspect()).slots).toHaveLength(1);

    const before = bytesIn(store);
    await ring.addSlot(custom(memoryVault("mine")));
    plant(store, before);
    await other.open(own);
    await other.addSlot(custom(memoryVault("theirs")));
    expect(await kindsOf(ring)).toEqual([]);
  });

  it("behavior: a ring that another device renewed is taken, once a slot of it was opened", async () => {
    const { store, ring, own } = await robbed();
    const other = keyRing({ store, cache: memoryKeys() });
    await other.open(own);
    const renewed = phraseSlot();
    await other.renew(renewed);
    expect(await kindsOf(ring)).toEqual(["oneSlot", "deviceBehind"]);
    expect(await ring.open(renewed)).toMatchObject({ isOpen: true, warnings: [{ kind: "oneSlot" }] });
    await ring.rotate();
    expect(await keysFor(store, renewed)).toEqual((await ring.load()).map(keyFingerprint));
  });

  it("behavior: an older ring that a person takes for the newest is joined with what the device has", async () => {
    const { store, ring, own, old, restart } = await robbed();
    await ring.rotate();
    plant(store, old);
    await expect(restart().open(own)).rejects.toMatchObject({ code: "KEY_RING_ROLLED_BACK" });
    expect(await restart().open(own, { acceptOlder: true })).toMatchObject({ isOpen: true, warnings: [] });
    expect(await keysFor(store, own)).toEqual((await ring.load()).map(keyFingerprint));
    await restart().rotate();
  });

  it("behavior: a holder of a removed slot can't name another key for the ring's anchor", async () => {
    const { store, own } = await robbed();
    const { slots, anchoredBy } = await decodeRing(bytesIn(store));
    const ring = keyRing({ store });
    await ring.open(own);
    const [known = new Uint8Array()] = await ring.load();
    const evil = generateArchiveKey();
    const forged = await sealRing({ keys: [evil, known], anchoredBy, slots });
    const renamed = { ...forged, anchoredBy: keyFingerprint(evil) };
    const mac = await withAnchorOf(known, (anchor) => authenticate(renamed, anchor));
    plant(store, await encodeRing({ ...renamed, mac }));
    await expect(keysFor(store, own)).rejects.toMatchObject({ code: "KEY_RING_DAMAGED" });
  });

  it("behavior: a note that was forged, damaged or cut counts for nothing", async () => {
    const cache = memoryKeys();
    const { ring, restart } = await robbed(cache);
    const [[name, text] = ["", ""]] = [...cache.notes.notes];
    const note = JSON.parse(text) as Record<string, unknown>;
    for (const forged of [
      null,
      7,
      [],
      {},
      { ...note, sealed: "AAAA" },
      { ...note, sealed: 1 },
      { ...note, anchoredBy: 5 },
      { ...note, format: "other" },
    ]) {
      cache.notes.notes.set(name, JSON.stringify(forged));
      await restart().rotate();
      expect(await kindsOf(restart())).toEqual([]);
    }
    expect(await ring.load()).toHaveLength(9);
  });

  it("behavior: a note holds neither a key nor what a slot could be guessed by in the clear", async () => {
    const cache = memoryKeys();
    const { store, ring } = await robbed(cache);
    const text = [...cache.notes.notes.values()].join();
    const { slots } = await decodeRing(bytesIn(store));
    for (const { publicKey, anchor, sealedKeys } of slots)
      for (const part of [publicKey, anchor, sealedKeys]) expect(text).not.toContain(part);
    for (const key of await ring.load()) expect(text).not.toContain(Buffer.from(key).toString("base64"));
  });

  it("behavior: a note of a newer app is left as it is, and so is the ring", async () => {
    const cache = memoryKeys();
    const { store, own, restart } = await robbed(cache);
    const [[name, text] = ["", ""]] = [...cache.notes.notes];
    cache.notes.notes.set(name, JSON.stringify({ ...(JSON.parse(text) as object), version: 2 }));
    const [note, before] = [cache.notes.notes.get(name), bytesIn(store)];
    const device = restart();
    for (const attempt of [
      () => device.inspect(),
      () => device.open(own),
      () => device.rotate(),
      () => device.renew(phraseSlot()),
      () => device.putBack(),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "KEY_RING_VERSION_UNSUPPORTED" });
    }
    expect([cache.notes.notes.get(name), bytesIn(store)]).toEqual([note, before]);
  });

  it("behavior: a note that can't be kept is told, and holds in this process", async () => {
    const cache = memoryKeys();
    const { store, ring, thiefsId, old } = await robbed(cache);
    cache.notes.failures.failNext("write", new Error("ENOSPC"), 99);
    await ring.removeSlot(thiefsId);
    expect(await kindsOf(ring)).toEqual(["oneSlot", "notNoted"]);
    plant(store, old);
    expect(await kindsOf(ring)).toEqual(["ringOlder"]);
  });

  it("parameters: memory: an agent that keeps no key tells an older ring after a restart", async () => {
    const [store, memory, vault] = [memoryStore(), memoryJournal(), memoryVault()];
    const start = () => keyRing({ store, memory, opener: custom(vault) });
    await start().add(generateArchiveKey());
    const old = bytesIn(store);
    const agent = start();
    await agent.load();
    await agent.renew(custom(vault));
    plant(store, old);
    await expect(start().load()).rejects.toMatchObject({ code: "KEY_RING_ROLLED_BACK" });
    await start().open(custom(vault), { acceptOlder: true });
    expect(await start().load()).toHaveLength(1);
    store.documents.clear();
    expect(await start().load()).toEqual([]);
    await expect(start().add(generateArchiveKey())).rejects.toMatchObject({ code: "KEY_RING_MISSING" });
    expect(store.documents.size).toBe(0);
  });
});

describe("a ring that was deleted", () => {
  it("default: a device that knows it makes no other key, says so, and writes it back", async () => {
    const { store, ring, own, thief, restart, cache } = await robbed();
    store.documents.clear();
    const device = restart();
    expect(await device.inspect()).toMatchObject({ slots: [], isOpen: true, warnings: [{ kind: "ringGone" }] });
    const attempts = [
      () => device.rotate(),
      () => device.add(generateArchiveKey()),
      () => device.addSlot(phraseSlot()),
      () => device.open(own),
      () => device.test(own),
      () => device.removeSlot("any"),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "KEY_RING_MISSING", retryable: false });
    expect([store.documents.size, (await cache.load()).length]).toEqual([0, 1]);
    expect(await device.putBack()).toMatchObject({ slots: [{}, {}], warnings: [] });
    for (const slotKey of [own, thief]) expect(await keysFor(store, slotKey)).toEqual((await ring.load()).map(keyFingerprint));
  });

  it("behavior: a device whose cache keeps no notes does not rotate without a ring", async () => {
    const { store, restart, cache } = await robbed(caches["a cache without notes"]?.());
    store.documents.clear();
    await expect(restart().rotate()).rejects.toMatchObject({ code: "KEY_RING_MISSING" });
    expect(await cache.load()).toHaveLength(1);
  });

  it("behavior: backups go on with the key that the slots have", async () => {
    const { store, ring, own } = await robbed();
    store.documents.clear();
    const { entry } = await createBackups({ host: fakeHost({ inbox: fakeInbox() }), store, keys: ring }).backup().result;
    await ring.putBack();
    expect(await keysFor(store, own)).toEqual([entry.keyFingerprint]);
  });

  it("behavior: a device that lost its keys too refuses to make another one", async () => {
    const cache = memoryKeys();
    const { store } = await robbed(cache);
    store.documents.clear();
    const emptied: KeyStore = { ...memoryKeys(), notes: cache.notes };
    const { add, load } = memoryKeys();
    const device = keyRing({ store, cache: { ...emptied, add, load } });
    await expect(createBackups({ host: fakeHost({ inbox: fakeInbox() }), store, keys: device }).backup().result).rejects.toMatchObject({
      code: "KEY_RING_MISSING",
    });
    await expect(device.addSlot(phraseSlot())).rejects.toMatchObject({ code: "KEY_RING_MISSING" });
    await expect(device.putBack()).rejects.toMatchObject({ code: "KEY_MISSING" });
    expect(store.documents.size).toBe(0);
  });
});

describe("versions of a ring", () => {
  const newer = (bytes: Uint8Array) => new TextEncoder().encode(new TextDecoder().decode(bytes).replace(/"version": \d+/, '"version": 3'));

  it("default: a ring of a newer app is reported and never overwritten", async () => {
    for (const change of [
      newer,
      () => new TextEncoder().encode('{"format":"xmtp-backup/key-ring","version":99}'),
      (bytes: Uint8Array) => Buffer.concat([newer(bytes), Buffer.alloc(1_040_000, " ")]),
    ]) {
      const { store, ring, own, thiefsId, old } = await robbed();
      plant(store, change(old));
      const before = bytesIn(store);
      const fresh = keyRing({ store, cache: memoryKeys() });
      const attempts = [
        () => ring.inspect(),
        () => ring.rotate(),
        () => ring.open(own),
        () => ring.test(own),
        () => ring.addSlot(phraseSlot()),
        () => ring.removeSlot(thiefsId),
        () => ring.renew(phraseSlot()),
        () => ring.putBack(),
        () => ring.add(generateArchiveKey()),
        () => ring.open(own, { acceptOlder: true }),
        () => fresh.open(own),
        () => fresh.addSlot(phraseSlot()),
      ];
      for (const attempt of attempts)
        await expect(attempt()).rejects.toMatchObject({ code: "KEY_RING_VERSION_UNSUPPORTED", retryable: false });
      expect(Buffer.compare(bytesIn(store), before)).toBe(0);
    }
  });

  it("behavior: a ring of version 1 is read, and written in the newest version with the next change", async () => {
    const store = memoryStore();
    const version1 = await readFile(new URL("vectors/ringVersion1.json", import.meta.url));
    plant(store, version1);
    const secret = new Uint8Array(32).fill(7);
    const ring = keyRing({ store, cache: memoryKeys() });
    expect(await ring.open(fixedSlotKey(secret))).toMatchObject({ isOpen: true });
    expect(await ring.load()).toEqual([new Uint8Array(32).fill(9), new Uint8Array(32).fill(8)]);
    await ring.rotate();
    expect(JSON.parse(new TextDecoder().decode(bytesIn(store)))).toMatchObject({ version: 2, generation: 1 });
    expect(await keysFor(store, fixedSlotKey(secret))).toHaveLength(3);
    plant(store, version1);
    await expect(ring.rotate()).rejects.toMatchObject({ code: "KEY_RING_ROLLED_BACK" });
  });

  it("default: every version that was ever written is read", async () => {
    for (const [version, generation] of [
      [1, 0],
      [2, 5],
    ]) {
      const store = memoryStore();
      plant(store, await readFile(new URL(`vectors/ringVersion${version}.json`, import.meta.url)));
      expect(await decodeRing(bytesIn(store))).toMatchObject({ version, generation });
      expect(await keysFor(store, fixedSlotKey(new Uint8Array(32).fill(7)))).toEqual(
        [9, 8].map((fill) => keyFingerprint(new Uint8Array(32).fill(fill))),
      );
    }
  });

  it("behavior: a slot of a newer kind is kept through every change, and told", async () => {
    const { store, ring } = await robbed();
    const secret = new Uint8Array(32).fill(5);
    const [key = new Uint8Array()] = await ring.load();
    const { slots, anchoredBy, generation } = await decodeRing(bytesIn(store));
    const parameters = { chip: { version: 4, banks: [1, 2] } };
    const made = await withAnchorOf(key, (anchor) => makeSlot({ kind: "custom", secret, parameters, createdAtMs: 5 }, anchor));
    const laterKind = { ...made, kind: "smartcard" as "custom" };
    plant(store, await encodeRing(await sealRing({ keys: [key], anchoredBy, slots: [...slots, laterKind], generation })));
    expect(await ring.inspect()).toMatchObject({
      slots: [{}, {}, { id: made.id, kind: "newer", createdAtMs: 5 }],
      warnings: [{ kind: "newerSlot" }],
    });
    await ring.rotate();
    await ring.addSlot(custom(memoryVault()));
    const after = await decodeRing(bytesIn(store));
    const { sealedKeys: _sealed, ...kept } = after.slots[2]!;
    expect(kept).toEqual(laterKind);
    await ring.removeSlot(made.id);
    expect((await ring.inspect()).warnings).toEqual([]);
  });

  it("behavior: a slot that keys can't be sealed to stops changes instead of being dropped", async () => {
    const { store, ring } = await robbed();
    const [key = new Uint8Array()] = await ring.load();
    const { slots, ...known } = await decodeRing(bytesIn(store));
    const [slot] = slots;
    const edited = {
      ...known,
      generation: known.generation + 1,
      slots: [...slots, { ...slot!, id: "later", kind: "later" as "custom", publicKey: "AAAA" }],
    };
    plant(store, await encodeRing({ ...edited, mac: await withAnchorOf(key, (anchor) => authenticate(edited, anchor)) }));
    const before = bytesIn(store);
    for (const attempt of [() => ring.rotate(), () => ring.addSlot(phraseSlot())])
      await expect(attempt()).rejects.toMatchObject({ code: "KEY_RING_VERSION_UNSUPPORTED" });
    expect(bytesIn(store)).toEqual(before);
    await ring.removeSlot("later");
    await ring.rotate();
  });
});
