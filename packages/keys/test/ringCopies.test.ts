import { createBackups, keyFingerprint } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryKeys, type MemoryStore, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { custom, generateRecoveryPhrase, type KeyRing, keyRing, recoveryPhrase, type SlotKey } from "../src/index.ts";
import { cheapPassphrase, memoryVault } from "./support.ts";

const phraseSlot = (): SlotKey => recoveryPhrase(generateRecoveryPhrase());
const kindsOf = async (ring: KeyRing) => (await ring.inspect()).warnings.map(({ kind }) => kind);
const backUp = async (store: MemoryStore, keys: KeyRing) =>
  (await createBackups({ host: fakeHost({ inbox: fakeInbox() }), store, keys }).backup().result).entry;

/** Puts the ring of one place beside that of another, as a sync program does. */
function keepBeside(store: MemoryStore, from: MemoryStore, copy = "key-ring (1).json"): void {
  const [main, second] = [store.documents.get("key-ring")!, from.documents.get("key-ring")!];
  store.documents.set("key-ring", { ...main, copies: [...(main.copies ?? []), copy] });
  store.documents.set(copy, second);
}

/** A folder that arrives on a device that has already begun with a ring of its own: the old ring is the second version. */
async function arrivedLate() {
  const [oldStore, store] = [memoryStore(), memoryStore()];
  const [oldSlot, slot] = [phraseSlot(), phraseSlot()];
  const oldRing = keyRing({ store: oldStore, cache: memoryKeys() });
  await oldRing.addSlot(oldSlot);
  const old = await backUp(oldStore, oldRing);
  const cache = memoryKeys();
  const ring = keyRing({ store, cache });
  await ring.addSlot(slot);
  const recent = await backUp(store, ring);
  keepBeside(store, oldStore);
  store.archives.set(old.id, oldStore.archives.get(old.id)!);
  store.manifests.set(old.id, oldStore.manifests.get(old.id)!);
  return { store, ring, cache, oldRing, oldSlot, slot, old, recent };
}

describe("a second version of a ring", () => {
  it("default: opening it once adopts its keys, into the device and the ring", async () => {
    const { store, ring, oldSlot, slot, old, recent } = await arrivedLate();
    const { warnings } = await ring.inspect();
    expect(warnings.find(({ kind }) => kind === "copies")).toMatchObject({ wayOut: expect.stringMatching(/^Open the key ring/) as string });
    expect(JSON.stringify(warnings)).not.toMatch(/delete|remove/i);

    await ring.open(oldSlot);
    const backups = createBackups({ host: fakeHost(), store, keys: ring });
    expect((await backups.list()).map(({ seal }) => seal)).toEqual(["open", "open"]);
    expect(await backups.restore(old).result).toMatchObject({ messages: { restored: 6, expected: 6 } });

    const device = keyRing({ store, cache: memoryKeys() });
    await device.open(slot);
    expect((await device.load()).map(keyFingerprint)).toEqual([recent.keyFingerprint, old.keyFingerprint]);
    expect((await backUp(store, ring)).keyFingerprint).toBe(recent.keyFingerprint);
  });

  it("behavior: on a new device it opens the old archives, and later joins the ring that another slot opens", async () => {
    const { store, oldSlot, slot, old, recent } = await arrivedLate();
    const device = keyRing({ store, cache: memoryKeys() });
    expect(await device.open(oldSlot)).toMatchObject({ isOpen: false });
    expect((await device.load()).map(keyFingerprint)).toEqual([old.keyFingerprint]);
    await device.open(slot);
    expect((await device.inspect()).keyFingerprints).toEqual([recent.keyFingerprint, old.keyFingerprint]);
  });

  it("behavior: each kind of slot opens it, and the ring's own slots come first", async () => {
    const { store, ring, oldRing, slot } = await arrivedLate();
    const [vault, words] = [custom(memoryVault()), cheapPassphrase("a horse in the rain")];
    const place = memoryStore();
    const another = keyRing({ store: place, cache: memoryKeys() });
    await another.addSlot(vault);
    await another.addSlot(words);
    keepBeside(store, place, "key-ring-DESKTOP.json");
    expect(await oldRing.load()).toHaveLength(1);
    for (const slotKey of [vault, words]) {
      const device = keyRing({ store, cache: memoryKeys() });
      await device.open(slotKey);
      expect(await device.load()).toEqual(await another.load());
    }
    await ring.open(slot);
    expect(await ring.load()).toHaveLength(1);
    await ring.open(words);
    expect(await ring.load()).toHaveLength(2);
  });

  it("behavior: where the ring is damaged, it brings its keys, from which a new ring is made", async () => {
    const { store, oldSlot, old } = await arrivedLate();
    const main = store.documents.get("key-ring")!;
    store.documents.set("key-ring", { ...main, bytes: main.bytes.slice(0, -9) });
    const device = keyRing({ store, cache: memoryKeys() });
    await expect(device.open(oldSlot)).rejects.toMatchObject({ code: "KEY_RING_DAMAGED" });
    expect((await device.load()).map(keyFingerprint)).toEqual([old.keyFingerprint]);
    const fresh = phraseSlot();
    await device.renew(fresh);
    expect(await kindsOf(device)).toEqual(["oneSlot", "copies"]);
  });

  it("behavior: what opens none is told as by the ring, whatever the second versions are", async () => {
    const { store, ring } = await arrivedLate();
    for (const bytes of [new Uint8Array([1]), new TextEncoder().encode('{"format":"xmtp-backup/key-ring","version":99}')]) {
      store.documents.set("key-ring (1).json", { bytes, revision: "" });
      await expect(ring.open(phraseSlot())).rejects.toMatchObject({ code: "SECRET_WRONG" });
    }
    store.documents.delete("key-ring (1).json");
    await expect(ring.open(phraseSlot())).rejects.toMatchObject({ code: "SECRET_WRONG" });
  });

  it("behavior: an older ring among them never puts an older key in front", async () => {
    const { store, ring, slot, recent } = await arrivedLate();
    const place = memoryStore();
    place.documents.set("key-ring", store.documents.get("key-ring")!);
    const { keyFingerprint: newest } = await ring.rotate();
    const [kept] = (await ring.inspect()).slots;
    await ring.addSlot(custom(memoryVault()));
    await ring.removeSlot(kept!.id);
    keepBeside(store, place, "key-ring 3.json");
    await ring.open(slot);
    expect((await ring.inspect()).keyFingerprints).toEqual([newest, recent.keyFingerprint]);
    await expect(keyRing({ store, cache: memoryKeys() }).test(slot)).rejects.toMatchObject({ code: "SECRET_WRONG" });
  });
});
