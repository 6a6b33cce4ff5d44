import { BackupError, type CallOptions, keyFingerprint, type KeyStore, type LoadKeysOptions, usableKeys } from "@xmtp-backup/core";
import { wipe } from "../util/bytes.ts";
import { isOwnRing } from "./openRing.ts";
import { damaged, type Ring, type RingFile } from "./ringFile.ts";

/** The archive keys that this device keeps, seen beside those of a ring. */
export type DeviceKeys = {
  load(options: LoadKeysOptions): Promise<Uint8Array[]>;
  /** Lends the keys, which are overwritten afterwards. */
  withKeys<T>(options: CallOptions, run: (held: readonly Uint8Array[]) => T | Promise<T>): Promise<T>;
  /** What tells the keys apart, newest first. */
  fingerprints(options: CallOptions): Promise<string[]>;
  /** Keeps keys, newest first, in front of all others. */
  keep(keys: readonly Uint8Array[], options: CallOptions): Promise<void>;
  /** Keeps keys behind those that are there, so that none of them makes the next archives while there is another. */
  keepBehind(keys: readonly Uint8Array[], options: CallOptions): Promise<void>;
  /** Keeps keys of a ring in the ring's order; where all are there already, nothing changes. */
  keepOf(ring: Ring, keys: readonly Uint8Array[], options: CallOptions): Promise<void>;
  /**
   * All keys of this device, when those of the ring are among them; the caller's to overwrite.
   *
   * @throws KEY_MISSING when the ring is not open on this device
   * @throws KEY_RING_DAMAGED when nobody who has the keys wrote the ring
   */
  openFor(ring: RingFile, options: CallOptions): Promise<Uint8Array[]>;
};

export function deviceKeys(cache: KeyStore): DeviceKeys {
  /** What an app's own cache holds beside keys must not block the ring, and must be sealed to no slot. */
  async function load({ signal, onUnusable }: LoadKeysOptions): Promise<Uint8Array[]> {
    const lent: unknown = await cache.load({ signal, onUnusable });
    if (!Array.isArray(lent)) throw new BackupError("KEY_STORE_FAILED", "The cache of the key ring gave no list of keys.");
    return usableKeys(lent, onUnusable);
  }

  async function withKeys<T>(options: CallOptions, run: (held: readonly Uint8Array[]) => T | Promise<T>): Promise<T> {
    const held = await load(options);
    try {
      return await run(held);
    } finally {
      wipe(held);
    }
  }

  async function keep(keys: readonly Uint8Array[], options: CallOptions) {
    const added = await withKeys(options, (held) => keys.findIndex((_, index) => isBeginning(keys.slice(index), held)));
    // What is in its place already is not added again: meanwhile an older key would be in front, and make archives.
    for (const key of keys.slice(0, added === -1 ? keys.length : added).toReversed()) await cache.add(key, options);
  }

  return {
    load,
    withKeys,
    keep,
    fingerprints: (options) => withKeys(options, (held) => held.map(keyFingerprint)),

    keepBehind: (keys, options) =>
      withKeys(options, async (held) => {
        const known = held.map(keyFingerprint);
        const lacking = keys.filter((key) => !known.includes(keyFingerprint(key)));
        if (lacking.length > 0) await keep([...held, ...lacking], options);
      }),

    keepOf: (ring, keys, options) =>
      withKeys(options, async (held) => {
        if (lackingKeys(ring, held.map(keyFingerprint)).length === 0) return;
        const byFingerprint = new Map([...held, ...keys].map((key) => [keyFingerprint(key), key]));
        await keep(
          ring.keyFingerprints.flatMap((fingerprint) => byFingerprint.get(fingerprint) ?? []),
          options,
        );
      }),

    async openFor(ring, options) {
      const held = await load(options);
      try {
        if (lackingKeys(ring, held.map(keyFingerprint)).length > 0) throw notOpen(ring);
        if (!(await isOwnRing(ring, held))) throw damaged("The key ring was altered by somebody who has none of its keys.");
        return held;
      } catch (error) {
        wipe(held);
        throw error;
      }
    },
  };
}

function isBeginning(keys: readonly Uint8Array[], held: readonly Uint8Array[]): boolean {
  return keys.every((key, index) => held[index]?.join() === key.join());
}

/** The fingerprints of those keys of a ring that are not at hand. */
export function lackingKeys({ keyFingerprints }: Ring, held: readonly string[]): string[] {
  return keyFingerprints.filter((fingerprint) => !held.includes(fingerprint));
}

export function notOpen({ slots }: Ring): BackupError {
  const kinds = [...new Set(slots.map(({ kind }) => kind))].join(", ") || "none";
  return new BackupError("KEY_MISSING", "The key ring of this place is not open on this device.", { details: `Its slots: ${kinds}.` });
}
