import { archiveKeyBytes, type ArchiveStore, type CallOptions, generateArchiveKey, keyFingerprint, type KeyStore } from "@xmtp-backup/core";
import { memoryKeys, type MemoryStore, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { custom, generateRecoveryPhrase, keyRing, recoveryPhrase, type SlotKey } from "../src/index.ts";
import { decodeRing, encodeRing } from "../src/ring/ringFile.ts";
import { slotKeyPair } from "../src/ring/slotCipher.ts";
import { cheapPassphrase, memoryVault } from "./support.ts";

const phraseSlot = (): SlotKey => recoveryPhrase(generateRecoveryPhrase());
const bytesIn = (store: MemoryStore, name = "key-ring") => new Uint8Array(store.documents.get(name)!.bytes);
const fingerprintsOf = async (keys: KeyStore) => (await keys.load()).map(keyFingerprint);
const text = (value: string) => new TextEncoder().encode(value);

/** The ring's place as a mirror or a synced folder shows it: one version in front, others as copies. */
function showing(store: MemoryStore, main: Uint8Array, ...copies: Uint8Array[]): MemoryStore {
  const names = copies.map((_, index) => `key-ring ${index + 2}`);
  store.documents.set("key-ring", { bytes: main, revision: crypto.randomUUID(), copies: names });
  for (const [index, bytes] of copies.entries()) store.documents.set(names[index]!, { bytes, revision: crypto.randomUUID() });
  return store;
}

/** The bytes of a ring before and after a rotation, and what opens it. */
async function rotated(slotKey: SlotKey) {
  const store = memoryStore();
  const ring = keyRing({ store, cache: memoryKeys() });
  await ring.addSlot(slotKey);
  const before = bytesIn(store);
  await ring.rotate();
  return { before, after: bytesIn(store), keys: await fingerprintsOf(ring) };
}

describe("a device that sees several versions of a ring", () => {
  it("behavior: one in front that says it is of a newer app does not keep a new device out", async () => {
    const slotKey = phraseSlot();
    const { after, keys } = await rotated(slotKey);
    const newer = text('{"format":"xmtp-backup/key-ring","version":99}');
    const cache = memoryKeys();
    await expect(keyRing({ store: showing(memoryStore(), newer, after), cache }).open(slotKey)).rejects.toMatchObject({
      code: "KEY_RING_VERSION_UNSUPPORTED",
    });
    expect(await fingerprintsOf(cache)).toEqual(keys);
  });

  it.each([
    ["of a newer app", () => text('{"format":"xmtp-backup/key-ring","version":99}')],
    ["damaged", (after: Uint8Array) => after.slice(0, -9)],
  ])("behavior: an opener gets past one in front that is %s", async (_what, spoil) => {
    const opener = custom(memoryVault());
    const { after, keys } = await rotated(opener);
    const ring = keyRing({ store: showing(memoryStore(), spoil(after), after), opener });
    await ring.load().catch(() => undefined);
    expect(await fingerprintsOf(ring)).toEqual(keys);
  });

  it("behavior: a hostile copy does not keep the right one from being opened", async () => {
    for (const slotKey of [phraseSlot(), cheapPassphrase("a horse in the rain"), custom(memoryVault())]) {
      const { after, keys } = await rotated(slotKey);
      const hostile = await altered(after);
      const cache = memoryKeys();
      await keyRing({ store: showing(memoryStore(), text("junk"), hostile, after), cache })
        .open(slotKey)
        .catch(() => undefined);
      expect(await fingerprintsOf(cache)).toEqual(keys);
    }
  });

  it("behavior: an older one in front does not hide the keys of the newer one that the same slot opens", async () => {
    const slotKey = phraseSlot();
    const { before, after, keys } = await rotated(slotKey);
    const cache = memoryKeys();
    const ring = keyRing({ store: showing(memoryStore(), before, after), cache });
    expect(await ring.open(slotKey)).toMatchObject({ isOpen: true });
    expect((await fingerprintsOf(cache)).sort()).toEqual([...keys].sort());
  });

  it("behavior: a copy that a former holder of a slot made never brings the key for the next archives", async () => {
    const [own, thief] = [phraseSlot(), phraseSlot()];
    const store = memoryStore();
    const cache = memoryKeys();
    const ring = keyRing({ store, cache });
    await ring.addSlot(own);
    const { id } = await ring.addSlot(thief);
    const stolen = showing(memoryStore(), bytesIn(store));
    const thiefs = keyRing({ store: stolen });
    await thiefs.open(thief);
    await ring.removeSlot(id);
    await thiefs.removeSlot(id);
    for (let change = 0; change < 3; change += 1) await thiefs.rotate();
    const [newest] = await fingerprintsOf(cache);
    const place = showing(memoryStore(), bytesIn(store), bytesIn(stolen));
    await keyRing({ store: place, cache }).open(own);
    expect((await fingerprintsOf(cache))[0]).toBe(newest);
  });

  it("behavior: two that devices changed apart are joined by one slot that opens both", async () => {
    const slotKey = phraseSlot();
    const store = memoryStore();
    const one = keyRing({ store, cache: memoryKeys() });
    await one.addSlot(slotKey);
    const start = bytesIn(store);
    const otherStore = showing(memoryStore(), start);
    const other = keyRing({ store: otherStore, cache: memoryKeys() });
    await other.open(slotKey);
    const { keyFingerprint: theirs } = await other.rotate();
    const { keyFingerprint: ours } = await one.rotate();
    const place = showing(memoryStore(), bytesIn(store), bytesIn(otherStore));
    const device = keyRing({ store: place, cache: memoryKeys() });
    await device.open(slotKey);
    const held = await fingerprintsOf(device);
    expect(held[0]).toBe(ours);
    expect(held).toContain(theirs);
    expect((await decodeRing(bytesIn(place))).keyFingerprints).toContain(theirs);
  });
});

/** The same slots with other keys in them and a right checksum, as somebody without a key can make them. */
async function altered(bytes: Uint8Array): Promise<Uint8Array> {
  const ring = await decodeRing(bytes);
  return encodeRing({ ...ring, generation: ring.generation + 9 });
}

describe("slots and caches that an app brought", () => {
  it("behavior: a slot key that lends the same bytes twice is not sealed to zeros", async () => {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const lending: SlotKey = {
      kind: "custom",
      create: async () => ({ secret, parameters: {} }),
      async *unlock(slots) {
        for (const { id } of slots) yield { id, secret };
      },
    };
    const store = memoryStore();
    const ring = keyRing({ store, cache: memoryKeys() });
    await ring.addSlot(lending).catch(() => undefined);
    const { publicKey } = await slotKeyPair(new Uint8Array(32));
    const slots = store.documents.has("key-ring") ? (await decodeRing(bytesIn(store))).slots : [];
    expect(slots.map((slot) => slot.publicKey)).not.toContain(publicKey);
  });

  it.each([
    ["zeros", new Uint8Array(32)],
    ["no bytes", new Uint8Array()],
    ["one byte", new Uint8Array(1)],
  ])("behavior: a slot whose secret is %s is refused", async (_what, secret) => {
    const weak: SlotKey = {
      kind: "custom",
      create: async () => ({ secret: new Uint8Array(secret), parameters: {} }),
      async *unlock(slots) {
        for (const { id } of slots) yield { id, secret: new Uint8Array(secret) };
      },
    };
    const store = memoryStore();
    await expect(keyRing({ store, cache: memoryKeys() }).addSlot(weak)).rejects.toMatchObject({ code: "SLOT_UNUSABLE" });
    expect(store.documents.size).toBe(0);
  });

  it.each([
    ["zeros", new Uint8Array(32)],
    ["16 bytes", new Uint8Array(16).fill(7)],
    ["a text", "5f".repeat(32)],
  ])("behavior: %s in the cache block no call, and are sealed to no slot", async (_what, bad) => {
    const good = generateArchiveKey();
    const held: unknown[] = [bad, good];
    const cache: KeyStore = {
      load: async () => held.map((key) => (key instanceof Uint8Array ? new Uint8Array(key) : key)) as Uint8Array[],
      add: async (key) => void held.unshift(new Uint8Array(key)),
    };
    const store = memoryStore();
    const ring = keyRing({ store, cache });
    const slotKey = phraseSlot();
    await ring.addSlot(slotKey);
    expect(await ring.inspect()).toMatchObject({ isOpen: true, keyFingerprints: [keyFingerprint(good)] });
    await ring.rotate();
    const device = keyRing({ store });
    await device.open(slotKey);
    expect(await device.load()).toHaveLength(2);
    const reasons: string[] = [];
    await ring.load({ onUnusable: (reason) => reasons.push(reason) });
    expect(reasons).toHaveLength(1);
  });

  it("behavior: while a new key comes to a device no older key is ever in front", async () => {
    const seen: string[] = [];
    const cache = memoryKeys();
    const watching: KeyStore = {
      load: (options) => cache.load(options),
      async add(key, options) {
        await cache.add(key, options);
        seen.push((await fingerprintsOf(cache))[0] ?? "");
      },
    };
    const ring = keyRing({ store: memoryStore(), cache: watching });
    await ring.addSlot(phraseSlot());
    const [first = ""] = await fingerprintsOf(cache);
    await ring.rotate();
    const [second = ""] = await fingerprintsOf(cache);
    await ring.rotate();
    const [third = ""] = await fingerprintsOf(cache);
    expect(seen).toEqual([first, second, third]);
  });
});

describe("a ring that another device renewed while this one rotated", () => {
  it("behavior: is not put back to the older one, and the keys of both come together with a person's word", async () => {
    const [slotKey, renewed] = [phraseSlot(), phraseSlot()];
    const store = memoryStore();
    const [one, other] = [keyRing({ store, cache: memoryKeys() }), keyRing({ store, cache: memoryKeys() })];
    await one.addSlot(slotKey);
    await other.open(slotKey);
    const { keyFingerprint: ours } = await one.rotate();
    await other.renew(renewed);
    const before = bytesIn(store);
    await expect(one.putBack()).rejects.toMatchObject({ code: "KEY_MISSING" });
    expect(bytesIn(store)).toEqual(before);
    expect(await one.open(renewed, { acceptOlder: true })).toMatchObject({ isOpen: true, warnings: [{ kind: "oneSlot" }] });
    expect((await decodeRing(bytesIn(store))).keyFingerprints).toContain(ours);
  });
});

describe("a change that is cancelled", () => {
  it("behavior: once the ring is written, the device keeps what is in it", async () => {
    const inner = memoryStore();
    let controller = new AbortController();
    const store: ArchiveStore = {
      ...inner,
      async putDocument(name, bytes, options) {
        await inner.putDocument(name, bytes, options);
        controller.abort(new Error("Enough."));
      },
    };
    const cache = memoryKeys();
    const ring = keyRing({ store, cache });
    const slotKey = phraseSlot();
    for (const change of [
      (options: CallOptions) => ring.addSlot(slotKey, options),
      (options: CallOptions) => ring.rotate(options),
      (options: CallOptions) => ring.renew(slotKey, options),
    ]) {
      controller = new AbortController();
      await change({ signal: controller.signal }).catch(() => undefined);
      expect(await fingerprintsOf(cache)).toEqual((await decodeRing(bytesIn(inner))).keyFingerprints);
      expect((await keyRing({ store: inner, cache }).inspect()).warnings.map(({ kind }) => kind)).toEqual(["oneSlot"]);
    }
  });
});

describe("buffers that a cache lends to a ring", () => {
  it("default: every one is overwritten, whatever becomes of the call", async () => {
    const lent: Uint8Array[] = [];
    const inner = memoryKeys();
    const cache: KeyStore = {
      notes: inner.notes,
      async load(options) {
        const keys = await inner.load(options);
        lent.push(...keys);
        return keys;
      },
      add: (key, options) => inner.add(key, options),
    };
    const store = memoryStore();
    const slotKey = phraseSlot();
    const failing: SlotKey = { kind: "custom", create: async () => Promise.reject(new Error("The vault is away.")), async *unlock() {} };
    const left = () => lent.filter((key) => key.some((byte) => byte !== 0)).length;
    const settle = async (call: Promise<unknown>) => {
      await call.catch(() => undefined);
      expect(left()).toBe(0);
    };
    await inner.add(generateArchiveKey());
    const withOpener = keyRing({ store, cache, opener: failing });
    await settle(withOpener.add(generateArchiveKey()));
    const ring = keyRing({ store, cache });
    await settle(ring.addSlot(failing));
    await settle(ring.addSlot(slotKey));
    const [known = new Uint8Array(archiveKeyBytes)] = await inner.load();
    await settle(ring.add(known));
    await settle(ring.add(generateArchiveKey()));
    const [slot] = (await ring.inspect()).slots;
    store.failures.failNext("list", new Error("connection reset"));
    await settle(ring.removeSlot(slot!.id));
    for (const call of [
      () => ring.rotate(),
      () => ring.addSlot(phraseSlot()),
      () => ring.renew(phraseSlot()),
      () => ring.open(slotKey),
      () => ring.putBack(),
    ]) {
      store.failures.failNext("putDocument", new Error("connection reset"));
      await settle(call());
      store.failures.failNext("getDocument", new Error("connection reset"));
      await settle(call());
      await settle(call());
    }
    await settle(ring.renew(failing));
    expect(lent.length).toBeGreaterThan(30);
  });
});
