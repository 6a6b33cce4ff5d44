import { BackupError, type CallOptions, keyFingerprint, type KeyStore } from "@xmtp-backup/core";
import { isOwnRing } from "./openRing.ts";
import { damaged, type Ring, type RingFile } from "./ringFile.ts";

/** The archive keys that this device keeps, seen beside those of a ring. */
export type DeviceKeys = {
  load(options: CallOptions): Promise<Uint8Array[]>;
  /** Keeps keys, newest first, in front of all others. */
  keep(keys: readonly Uint8Array[], options: CallOptions): Promise<void>;
  /** Keeps keys of a ring in the ring's order; where all are there already, nothing changes. */
  keepOf(ring: Ring, keys: readonly Uint8Array[], options: CallOptions): Promise<void>;
  /**
   * All keys of this device, when those of the ring are among them.
   *
   * @throws KEY_MISSING when the ring is not open on this device
   * @throws KEY_RING_DAMAGED when nobody who has the keys wrote the ring
   */
  openFor(ring: RingFile, options: CallOptions): Promise<Uint8Array[]>;
};

export function deviceKeys(cache: KeyStore): DeviceKeys {
  const load = (options: CallOptions) => cache.load(options);

  async function keep(keys: readonly Uint8Array[], options: CallOptions) {
    const held = await load(options);
    if (keys.every((key, index) => held[index]?.join() === key.join())) return;
    for (const key of keys.toReversed()) await cache.add(key, options);
  }

  return {
    load,
    keep,

    async keepOf(ring, keys, options) {
      const held = await load(options);
      if (lackingKeys(ring, held).length === 0) return;
      const byFingerprint = new Map([...held, ...keys].map((key) => [keyFingerprint(key), key]));
      await keep(ring.keyFingerprints.flatMap((fingerprint) => byFingerprint.get(fingerprint) ?? []), options);
    },

    async openFor(ring, options) {
      const held = await load(options);
      if (lackingKeys(ring, held).length > 0) throw notOpen(ring);
      if (await isOwnRing(ring, held)) return held;
      throw damaged("The key ring was altered by somebody who has none of its keys.");
    },
  };
}

/** The fingerprints of those keys of a ring that are not at hand. */
export function lackingKeys({ keyFingerprints }: Ring, held: readonly Uint8Array[]): string[] {
  const fingerprints = held.map(keyFingerprint);
  return keyFingerprints.filter((fingerprint) => !fingerprints.includes(fingerprint));
}

export function notOpen({ slots }: Ring): BackupError {
  const kinds = [...new Set(slots.map(({ kind }) => kind))].join(", ") || "none";
  return new BackupError("KEY_MISSING", "The key ring of this place is not open on this device.", { details: `Its slots: ${kinds}.` });
}
