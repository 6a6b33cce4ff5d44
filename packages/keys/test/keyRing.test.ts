import { createBackups, generateArchiveKey, keyFingerprint } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, keyStoreContract, memoryKeys, memoryStore, runContract } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { custom, generateRecoveryPhrase, keyRing, passphrase, recoveryPhrase, toRecoveryPhrase } from "../src/index.ts";
import { cheap, memoryVault } from "./support.ts";

runContract("keyRing with a cache", keyStoreContract(async () => ({ keys: keyRing({ store: memoryStore(), cache: memoryKeys() }) })), { describe, it });
runContract(
  "keyRing opened by a vault",
  keyStoreContract(async () => {
    const [store, vault] = [memoryStore(), memoryVault()];
    const reopen = () => keyRing({ store, opener: custom(vault) });
    return { keys: reopen(), reopen };
  }),
  { describe, it },
);

/** A store, a device with a ring of one slot, and the words that open it. */
async function ringWithPhrase() {
  const store = memoryStore();
  const cache = memoryKeys();
  const ring = keyRing({ store, cache });
  const phrase = generateRecoveryPhrase();
  const slot = await ring.addSlot(recoveryPhrase(phrase));
  return { store, cache, ring, phrase, slot };
}

const newDevice = (store: ReturnType<typeof memoryStore>) => {
  const cache = memoryKeys();
  return { cache, ring: keyRing({ store, cache }) };
};

const backupsOf = (store: ReturnType<typeof memoryStore>, keys: ReturnType<typeof keyRing>) => createBackups({ host: fakeHost({ inbox: fakeInbox() }), store, keys });

describe("keyRing", () => {
  it("default: a new device needs the store and one slot", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    await ring.addSlot(passphrase("a horse in the rain", { insist: true, cost: cheap }));
    const vault = memoryVault();
    await ring.addSlot(custom(vault));
    for (const slotKey of [recoveryPhrase(phrase), passphrase(" a horse in the rain "), custom(vault)]) {
      const device = newDevice(store);
      expect(await device.ring.load()).toEqual([]);
      expect(await device.ring.open(slotKey)).toMatchObject({ isOpen: true, warnings: [] });
      expect(await device.cache.load()).toEqual(await ring.load());
    }
  });

  it("default: archives are made and restored with its key", async () => {
    const { store, ring, phrase } = await ringWithPhrase();
    const { entry } = await backupsOf(store, ring).backup().result;
    const device = newDevice(store);
    const fresh = createBackups({ host: fakeHost(), store, keys: device.ring });
    await expect(fresh.restore(entry).result).rejects.toMatchObject({ code: "KEY_MISSING" });
    await device.ring.open(recoveryPhrase(phrase));
    expect(await fresh.restore(entry).result).toMatchObject({ messages: { restored: 6, expected: 6 } });
  });
});
