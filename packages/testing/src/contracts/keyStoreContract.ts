import { generateArchiveKey, type KeyStore } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectAbort, expectEqual, expectRefusal } from "./expectations.ts";

/** A new and empty key store for each case; `reopen` gives a second one over the same place, as after a restart. */
export type KeyStoreSetUp = () => Promise<{ keys: KeyStore; reopen?: () => KeyStore; dispose?: () => Promise<void> }>;

/** What every `KeyStore` must do. */
export function keyStoreContract(setUp: KeyStoreSetUp): ContractCase[] {
  const withKeys = (name: string, run: (keys: KeyStore, reopen: () => KeyStore) => Promise<void>): ContractCase => ({
    name,
    async run() {
      const { keys, reopen, dispose } = await setUp();
      try {
        await run(keys, reopen ?? (() => keys));
      } finally {
        await dispose?.();
      }
    },
  });

  return [
    withKeys("default: holds no key at first", async (keys) => {
      expectEqual(await keys.load(), [], "a new store");
    }),
    withKeys("default: gives back the key that was added", async (keys, reopen) => {
      const key = generateArchiveKey();
      await keys.add(key);
      expectEqual(await reopen().load(), [key], "the keys");
    }),
    withKeys("behavior: the newest key comes first and older ones stay", async (keys, reopen) => {
      const [older, newer] = [generateArchiveKey(), generateArchiveKey()];
      await keys.add(older);
      await keys.add(newer);
      expectEqual(await reopen().load(), [newer, older], "the keys");
    }),
    withKeys("behavior: adding an older key again moves it to the front", async (keys) => {
      const [older, newer] = [generateArchiveKey(), generateArchiveKey()];
      for (const key of [older, newer, older]) await keys.add(key);
      expectEqual(await keys.load(), [older, newer], "the keys");
    }),
    withKeys("behavior: what the caller does with its bytes changes nothing", async (keys) => {
      const key = generateArchiveKey();
      const copy = new Uint8Array(key);
      await keys.add(key);
      key.fill(0);
      const [loaded] = await keys.load();
      expectEqual(loaded, copy, "the key");
      loaded?.fill(0);
      expectEqual(await keys.load(), [copy], "the key after its bytes were wiped");
    }),
    withKeys("parameters: key: refuses any length but 32 bytes", async (keys) => {
      for (const length of [0, 16, 31, 33, 64]) {
        await expectRefusal(() => keys.add(new Uint8Array(length)), ["KEY_INVALID"], `adding ${length} bytes`);
      }
      expectEqual(await keys.load(), [], "the keys");
    }),
    withKeys("parameters: signal: an aborted call rejects with its reason", async (keys) => {
      await expectAbort((signal) => keys.load({ signal }), "load");
      await expectAbort((signal) => keys.add(generateArchiveKey(), { signal }), "add");
      expectEqual(await keys.load(), [], "the keys");
    }),
  ];
}
