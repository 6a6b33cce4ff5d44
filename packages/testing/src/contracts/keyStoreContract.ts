import { archiveKeyBytes, generateArchiveKey, type KeyStore } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectAbort, expectEqual, expectRefusal, expectThat } from "./expectations.ts";
import { ownCase } from "./ownCase.ts";

/** A key store, and what its contract needs of the place that it keeps keys in. */
export type KeyStorePlace = {
  keys: KeyStore;
  /** A second store over the same place, as after a restart or in another process. @default the same store */
  reopen?: () => KeyStore;
  /** Puts a key that can't be used in front of those that the place holds. @default the case for it is left out */
  spoil?: () => Promise<void>;
  dispose?: () => Promise<void>;
};

/** A new and empty place for each case. */
export type KeyStoreSetUp = () => Promise<KeyStorePlace>;

export type KeyStoreContractOptions = {
  /** Whether the set-up can `spoil` its place. @default false */
  spoils?: boolean;
};

/** How many keys are added at the same time: enough that a store which reads, changes and writes without order loses some. */
const addedAtOnce = 8;

/** What every `KeyStore` must do. */
export function keyStoreContract(setUp: KeyStoreSetUp, { spoils = false }: KeyStoreContractOptions = {}): ContractCase[] {
  const withKeys = (
    name: string,
    run: (keys: KeyStore, reopen: () => KeyStore, spoil: () => Promise<void>) => Promise<void>,
  ): ContractCase => ownCase(setUp, name, ({ keys, reopen, spoil }) => run(keys, reopen ?? (() => keys), async () => spoil?.()));

  const spoiledCases = [
    withKeys("behavior: a stored key that can't be used is left out and reported, and blocks nothing", async (keys, reopen, spoil) => {
      const [older, newer] = [generateArchiveKey(), generateArchiveKey()];
      await keys.add(older);
      await spoil();
      await expectOneUnusable(reopen(), [older]);
      await reopen().add(newer);
      await expectOneUnusable(reopen(), [newer, older]);
    }),
  ];

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
    withKeys("parameters: key: refuses zeros, which are a buffer that was overwritten", async (keys) => {
      await expectRefusal(() => keys.add(new Uint8Array(archiveKeyBytes)), ["KEY_INVALID"], "adding zeros");
      expectEqual(await keys.load(), [], "the keys");
    }),
    withKeys("behavior: of keys that are added at the same time each is kept, unless its add was refused", async (keys, reopen) => {
      const added = Array.from({ length: addedAtOnce }, () => generateArchiveKey());
      const other = reopen();
      const outcomes = await Promise.allSettled(added.map((key, index) => (index % 2 === 0 ? keys : other).add(key)));
      const kept = added.filter((_key, index) => outcomes[index]?.status === "fulfilled");
      expectThat(kept.length > 0, "one of them is kept at least");
      expectEqual(inOrder(await reopen().load()), inOrder(kept), "the keys, in an order of their own");
    }),
    withKeys("behavior: the bytes of each load are of that load alone", async (keys) => {
      const key = generateArchiveKey();
      await keys.add(key);
      const [first, second] = await Promise.all([keys.load(), keys.load()]);
      for (const lent of first) lent.fill(0);
      expectEqual(second, [key], "what another caller was lent");
    }),
    ...(spoils ? spoiledCases : []),
    withKeys("parameters: signal: an aborted call rejects with its reason", async (keys) => {
      await expectAbort((signal) => keys.load({ signal }), "load");
      await expectAbort((signal) => keys.add(generateArchiveKey(), { signal }), "add");
      expectEqual(await keys.load(), [], "the keys");
    }),
  ];
}

async function expectOneUnusable(keys: KeyStore, usable: readonly Uint8Array[]): Promise<void> {
  const reasons: string[] = [];
  expectEqual(await keys.load({ onUnusable: (reason) => reasons.push(reason) }), usable, "the usable keys");
  expectEqual(reasons.length, 1, "how many reasons were reported");
}

function inOrder(keys: readonly Uint8Array[]): string[] {
  return keys.map((key) => key.join()).sort();
}
