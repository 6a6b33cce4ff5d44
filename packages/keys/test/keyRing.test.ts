import { BackupError, createBackups, generateArchiveKey, keyFingerprint } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, keyStoreContract, memoryKeys, type MemoryStore, memoryStore, runContract } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { custom, generateRecoveryPhrase, type KeyRing, keyRing, passphrase, recoveryPhrase, toRecoveryPhrase } from "../src/index.ts";
import { decodeRing, encodeRing } from "../src/ring/ringFile.ts";
import { sealRing } from "../src/ring/sealRing.ts";
import { cheapPassphrase, memoryVault } from "./support.ts";

runContract(
  "keyRing with a cache",
  keyStoreContract(async () => ({ keys: keyRing({ store: memoryStore(), cache: memoryKeys() }) })),
  { describe, it },
);
runContract(
  "keyRing opened by a vault",
  keyStoreContract(async () => {
    const [store, vault] = [memoryStore(), memoryVault()];
    const reopen = () => keyRing({ store, opener: custom(vault) });
    return { keys: reopen(), reopen };
  }),
  { describe, it },
);

function newDevice(store: MemoryStore) {
  const cache = memoryKeys();
  return { cache, ring: keyRing({ store, cache, clock: { now: () => 1_000 } }) };
}

/** A store, a device with a ring of one slot, and the words that open it. */
async function ringWithPhrase() {
  const store = memoryStore();
  const device = newDevice(store);
  const phrase = generateRecoveryPhrase();
  const slot = await device.ring.addSlot(recoveryPhrase(phrase));
  return { store, ...device, phrase, slot };
}

const backUp = async (store: MemoryStore, keys: KeyRing) =>
  (await createBackups({ host: fakeHost({ inbox: fakeInbox() }), store, keys }).backup().result).entry;
const kindsOf = async (ring: KeyRing) => (await ring.inspect()).warnings.map(({ kind }) => kind);
const storedRing = (store: MemoryStore) => store.documents.get("key-ring")?.bytes ?? new Uint8Array();

describe("keyRing in a synced folder", () => {
  it("behavior: second versions of the ring are a warning with a way out", async () => {
    const { store, cache } = await ringWithPhrase();
    const getDocument = async (name: string) => {
      const found = await store.getDocument(name);
      return found && { ...found, copies: ["key-ring (1).json"] };
    };
    expect(await kindsOf(keyRing({ store: { ...store, getDocument }, cache }))).toEqual(["oneSlot", "copies"]);
  });
});

async function replaceRing(store: MemoryStore, bytes: Uint8Array) {
  await store.putDocument("key-ring", bytes, { replaces: store.documents.get("key-ring")?.revision });
}

describe("keyRing", () => {
  it("default: a new device needs the store and one slot", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    const vault = memoryVault();
    await ring.addSlot(cheapPassphrase("a horse in the rain"));
    await ring.addSlot(custom(vault));
    for (const slotKey of [recoveryPhrase(phrase), passphrase("  a horse in the rain "), custom(vault)]) {
      const device = newDevice(store);
      expect(await device.ring.load()).toEqual([]);
      expect(await device.ring.open(slotKey)).toMatchObject({ isOpen: true, warnings: [] });
      expect(await device.cache.load()).toEqual(await ring.load());
    }
  });

  it("default: archives are made and restored with its keys", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    const entry = await backUp(store, ring);
    const device = newDevice(store);
    const fresh = createBackups({ host: fakeHost(), store, keys: device.ring });
    await expect(fresh.restore(entry).result).rejects.toMatchObject({ code: "KEY_MISSING" });
    await device.ring.open(recoveryPhrase(phrase));
    expect(await fresh.restore(entry).result).toMatchObject({ messages: { restored: 6, expected: 6 } });
  });

  it("default: inspect: slots, keys, and what should be seen to with a way out", async () => {
    const { store, ring, slot } = await ringWithPhrase();
    const [key = new Uint8Array()] = await ring.load();
    expect(await ring.inspect()).toMatchObject({
      slots: [{ id: slot.id, kind: "recoveryPhrase", createdAtMs: 1_000 }],
      keyFingerprints: [keyFingerprint(key)],
      isOpen: true,
      warnings: [{ kind: "oneSlot", wayOut: expect.stringContaining("second slot") as string }],
    });
    await ring.addSlot(custom(memoryVault("team-kms")));
    expect(await ring.inspect()).toMatchObject({ slots: [{}, { kind: "custom", name: "team-kms" }], warnings: [] });
    expect(await newDevice(store).ring.inspect()).toMatchObject({ isOpen: false, warnings: [] });
    expect(await newDevice(memoryStore()).ring.inspect()).toEqual({ slots: [], keyFingerprints: [], isOpen: false, warnings: [] });
  });

  it("behavior: what is wrong is told as that, before any archive is fetched", async () => {
    const { store, ring } = await ringWithPhrase();
    await ring.addSlot(cheapPassphrase("a horse in the rain"));
    await ring.addSlot(custom(memoryVault()));
    await backUp(store, ring);
    const { ring: fresh, cache } = newDevice(store);
    store.failures.failNext("get", new Error("No archive is to be fetched."), 99);
    for (const slotKey of [
      recoveryPhrase(generateRecoveryPhrase()),
      passphrase("a house in the rain"),
      passphrase(""),
      custom(memoryVault("another")),
    ]) {
      await expect(fresh.open(slotKey)).rejects.toMatchObject({ code: "SECRET_WRONG", retryable: false });
      await expect(fresh.test(slotKey)).rejects.toMatchObject({ code: "SECRET_WRONG" });
    }
    await expect(fresh.open(recoveryPhrase(generateRecoveryPhrase()))).rejects.toThrow(
      "It has slots of: recoveryPhrase, passphrase, custom.",
    );
    expect(await cache.load()).toEqual([]);
  });

  it("behavior: a vault that does not answer is no wrong one", async () => {
    const { store, ring } = await ringWithPhrase();
    const vault = memoryVault();
    await ring.addSlot(custom(vault));
    vault.fail(new Error("ECONNREFUSED"));
    await expect(newDevice(store).ring.open(custom(vault))).rejects.toMatchObject({ code: "SLOT_FAILED", retryable: true });
    await expect(ring.addSlot(custom(vault))).rejects.toMatchObject({ code: "SLOT_FAILED" });
    expect((await ring.inspect()).slots).toHaveLength(2);
  });

  it("behavior: a trial opens a slot as a new device would, and changes nothing", async () => {
    const { store, ring, cache, phrase, slot } = await ringWithPhrase();
    const [before, keys] = [storedRing(store), await cache.load()];
    expect(await ring.test(recoveryPhrase(phrase))).toEqual(slot);
    const other = newDevice(store);
    expect(await other.ring.test(recoveryPhrase(phrase))).toEqual(slot);
    expect([storedRing(store), await cache.load(), await other.cache.load()]).toEqual([before, keys, []]);
  });

  it("behavior: after a rotation old archives stay readable, and are offered for a new key", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    const old = await backUp(store, ring);
    const { keyFingerprint: newest, olderArchives } = await ring.rotate();
    expect(olderArchives.map(({ id }) => id)).toEqual([old.id]);
    const recent = await backUp(store, ring);
    expect([recent.keyFingerprint, old.keyFingerprint]).toEqual((await ring.inspect()).keyFingerprints);
    expect(recent.keyFingerprint).toBe(newest);
    const device = newDevice(store);
    await device.ring.open(recoveryPhrase(phrase));
    const seals = (await createBackups({ host: fakeHost(), store, keys: device.ring }).list()).map(({ seal }) => seal);
    expect(seals).toEqual(["open", "open"]);
  });

  it("behavior: a removed slot opens neither the ring nor later keys, and the others need nobody", async () => {
    const { store, ring, phrase, slot } = await ringWithPhrase();
    const kept = cheapPassphrase("a horse in the rain");
    await ring.addSlot(kept);
    await ring.removeSlot(slot.id);
    await ring.rotate();
    await expect(newDevice(store).ring.open(recoveryPhrase(phrase))).rejects.toMatchObject({ code: "SECRET_WRONG" });
    const device = newDevice(store);
    await device.ring.open(kept);
    expect(await device.cache.load()).toEqual(await ring.load());
    await ring.removeSlot(slot);
    await ring.removeSlot(crypto.randomUUID());
    expect((await ring.inspect()).slots).toHaveLength(1);
  });

  it("behavior: the last slot stays while archives need it", async () => {
    const { store, ring, slot } = await ringWithPhrase();
    const { id } = await backUp(store, ring);
    await expect(ring.removeSlot(slot.id)).rejects.toMatchObject({ code: "SLOT_NEEDED" });
    const second = await ring.addSlot(custom(memoryVault()));
    await ring.removeSlot(slot.id);
    await store.remove(id);
    await ring.removeSlot(second.id);
    expect(await kindsOf(ring)).toEqual(["noSlot"]);
    await ring.addSlot(recoveryPhrase(generateRecoveryPhrase()));
    expect(await kindsOf(ring)).toEqual(["oneSlot"]);
  });

  it("behavior: a device that is not open changes nothing", async () => {
    const { store, slot } = await ringWithPhrase();
    const { ring } = newDevice(store);
    const before = storedRing(store);
    const vault = memoryVault();
    for (const change of [
      () => ring.addSlot(custom(vault)),
      () => ring.removeSlot(slot.id),
      () => ring.rotate(),
      () => ring.renew(custom(vault)),
      () => ring.add(generateArchiveKey()),
    ]) {
      await expect(change()).rejects.toMatchObject({ code: "KEY_MISSING" });
    }
    expect([storedRing(store), vault.secrets]).toEqual([before, []]);
    await expect(backUp(store, ring)).rejects.toMatchObject({
      code: "KEY_MISSING",
      message: expect.stringContaining("not open on this device") as string,
    });
  });

  it("behavior: a device that missed a rotation goes on with its key, and is told", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    const other = newDevice(store);
    await other.ring.open(recoveryPhrase(phrase));
    await ring.rotate();
    expect(await kindsOf(other.ring)).toEqual(["oneSlot", "deviceBehind"]);
    await backUp(store, other.ring);
    expect(await other.ring.open(recoveryPhrase(phrase))).toMatchObject({ isOpen: true });
    expect(await other.cache.load()).toEqual(await ring.load());
  });

  it("behavior: changes of two devices at once are both kept", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    const other = newDevice(store);
    await other.ring.open(recoveryPhrase(phrase));
    await Promise.all([ring.addSlot(custom(memoryVault("one"))), other.ring.addSlot(custom(memoryVault("two")))]);
    expect((await ring.inspect()).slots.map(({ name }) => name).sort()).toEqual(["one", "two", undefined]);
  });

  it("behavior: a store that always has another one is given up", async () => {
    const { store, ring } = await ringWithPhrase();
    store.failures.failNext("putDocument", new BackupError("STORE_CONFLICT", "The document is another."), 99);
    await expect(ring.rotate()).rejects.toMatchObject({ code: "STORE_CONFLICT" });
    expect(await ring.load()).toHaveLength(1);
  });

  it("behavior: a new key that the device could not keep is in the ring, and no archive is made with it", async () => {
    const { store, ring, cache, phrase } = await ringWithPhrase();
    cache.failures.failNext("add", new BackupError("KEY_STORE_FAILED", "The disk is full."));
    await expect(ring.rotate()).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
    expect(await kindsOf(ring)).toContain("deviceBehind");
    const { keyFingerprint: used } = await backUp(store, ring);
    expect((await ring.open(recoveryPhrase(phrase))).keyFingerprints[1]).toBe(used);
  });

  it("behavior: the key of a first backup is taken in by the first slot", async () => {
    const store = memoryStore();
    const { ring } = newDevice(store);
    const { keyFingerprint: used } = await backUp(store, ring);
    expect(await kindsOf(ring)).toEqual(["noSlot"]);
    await ring.addSlot(recoveryPhrase(generateRecoveryPhrase()));
    expect((await ring.inspect()).keyFingerprints).toEqual([used]);
  });

  it("behavior: keys of a device that began by itself join the ring when it is opened", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    const key = generateArchiveKey();
    const cache = memoryKeys(key);
    const other = keyRing({ store, cache });
    expect(await kindsOf(other)).toEqual(["oneSlot", "deviceBehind", "ringBehind"]);
    const [own] = await ring.load();
    expect((await other.open(recoveryPhrase(phrase))).warnings.map(({ kind }) => kind)).toEqual(["oneSlot"]);
    expect(await cache.load()).toEqual([own, key]);
    const device = newDevice(store);
    await device.ring.open(recoveryPhrase(phrase));
    expect(await device.cache.load()).toEqual([own, key]);
  });

  it("behavior: words that are the key itself bring it to a device, with a ring and without", async () => {
    const { store, ring } = await ringWithPhrase();
    const [key = new Uint8Array()] = await ring.load();
    const bare = recoveryPhrase(toRecoveryPhrase(key));
    expect(await newDevice(store).ring.open(bare)).toMatchObject({ isOpen: true });
    await ring.rotate();
    const behind = newDevice(store);
    expect(await behind.ring.open(bare)).toMatchObject({ isOpen: false });
    expect(await behind.cache.load()).toEqual([key]);

    const withoutRing = newDevice(memoryStore());
    await expect(withoutRing.ring.open(bare)).rejects.toMatchObject({ code: "KEY_MISSING" });
    await withoutRing.ring.add(key);
    const place = memoryStore();
    await backUp(place, withoutRing.ring);
    expect(await newDevice(place).ring.open(bare)).toMatchObject({ isOpen: true, warnings: [{ kind: "noSlot" }] });
  });

  it("behavior: words that are the key itself can be a slot, and then open later keys too", async () => {
    const { store, ring } = await ringWithPhrase();
    const [key = new Uint8Array()] = await ring.load();
    const bare = recoveryPhrase(toRecoveryPhrase(key));
    await ring.addSlot(bare);
    await ring.rotate();
    expect(await newDevice(store).ring.open(bare)).toMatchObject({ isOpen: true });
  });

  it("behavior: who can write into the store and has no key can't put keys of its own into the ring", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    const evil = generateArchiveKey();
    const { slots } = await decodeRing(storedRing(store));
    await replaceRing(store, await encodeRing(await sealRing({ keys: [evil], anchoredBy: keyFingerprint(evil), slots })));
    await expect(newDevice(store).ring.open(recoveryPhrase(phrase))).rejects.toMatchObject({ code: "KEY_RING_DAMAGED" });
    expect(await kindsOf(ring)).toContain("deviceBehind");
    await expect(ring.rotate()).rejects.toMatchObject({ code: "KEY_MISSING" });
  });

  it("behavior: a damaged ring is refused, and made anew by a device that has the keys", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    const old = await backUp(store, ring);
    await replaceRing(store, storedRing(store).slice(0, -10));
    for (const look of [() => ring.inspect(), () => ring.rotate(), () => newDevice(store).ring.open(recoveryPhrase(phrase))]) {
      await expect(look()).rejects.toMatchObject({ code: "KEY_RING_DAMAGED" });
    }
    const next = generateRecoveryPhrase();
    await ring.renew(recoveryPhrase(next));
    const device = newDevice(store);
    expect((await device.ring.open(recoveryPhrase(next))).keyFingerprints).toEqual([
      expect.not.stringMatching(old.keyFingerprint),
      old.keyFingerprint,
    ]);
    await expect(device.ring.test(recoveryPhrase(phrase))).rejects.toMatchObject({ code: "SECRET_WRONG" });
    await expect(device.ring.rotate()).resolves.toBeDefined();
  });

  it("behavior: an error of the store is the store's, and nothing is kept", async () => {
    const store = memoryStore();
    const { ring, cache } = newDevice(store);
    const slotKey = recoveryPhrase(generateRecoveryPhrase());
    store.failures.failNext("getDocument", new BackupError("STORE_UNAVAILABLE", "The network is down."));
    await expect(ring.addSlot(slotKey)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    store.failures.failNext("putDocument", new Error("500"));
    await expect(ring.addSlot(slotKey)).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect([await cache.load(), store.documents.size]).toEqual([[], 0]);
  });

  it("parameters: opener: a vault opens the ring at each start by itself, and makes it with the first key", async () => {
    const [store, vault] = [memoryStore(), memoryVault()];
    const first = keyRing({ store, opener: custom(vault) });
    const entry = await backUp(store, first);
    const restarted = keyRing({ store, opener: custom(vault) });
    expect((await restarted.load()).map(keyFingerprint)).toEqual([entry.keyFingerprint]);
    expect((await restarted.inspect()).slots).toMatchObject([{ kind: "custom" }]);
    vault.fail(new Error("ECONNREFUSED"));
    await expect(keyRing({ store, opener: custom(vault) }).load()).rejects.toMatchObject({ code: "SLOT_FAILED" });
  });

  it("parameters: cache: without one, and without a slot, no key is made that nothing keeps", async () => {
    const store = memoryStore();
    const ring = keyRing({ store });
    await expect(backUp(store, ring)).rejects.toMatchObject({ code: "KEY_MISSING" });
    await ring.addSlot(recoveryPhrase(generateRecoveryPhrase()));
    await backUp(store, ring);
  });

  it("parameters: name: rings of several inboxes lie side by side", async () => {
    const store = memoryStore();
    const names = ["key-ring-alice", "key-ring-bob"];
    const phrase = generateRecoveryPhrase();
    for (const name of names) await keyRing({ store, name, cache: memoryKeys() }).addSlot(recoveryPhrase(phrase));
    const loaded = await Promise.all(
      names.map(async (name) => {
        const ring = keyRing({ store, name });
        await ring.open(recoveryPhrase(phrase));
        return ring.load();
      }),
    );
    expect(loaded[0]).not.toEqual(loaded[1]);
  });

  it("parameters: store: one that keeps archives only is refused", () => {
    const { getDocument: _get, putDocument: _put, ...archivesOnly } = memoryStore();
    expect(() => keyRing({ store: archivesOnly })).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }));
  });

  it("parameters: signal: an aborted call rejects with its reason and changes nothing", async () => {
    const { store, ring, phrase, slot } = await ringWithPhrase();
    const before = storedRing(store);
    const reason = new Error("Enough.");
    const options = { signal: AbortSignal.abort(reason) };
    const slotKey = recoveryPhrase(phrase);
    for (const call of [
      ring.open(slotKey, options),
      ring.test(slotKey, options),
      ring.addSlot(slotKey, options),
      ring.removeSlot(slot.id, options),
      ring.rotate(options),
      ring.renew(slotKey, options),
      ring.inspect(options),
    ]) {
      await expect(call).rejects.toBe(reason);
    }
    expect(storedRing(store)).toEqual(before);
  });
});
