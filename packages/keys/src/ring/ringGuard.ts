import { BackupError, type CallOptions, keyFingerprint } from "@xmtp-backup/core";
import type { RingFile } from "./ringFile.ts";
import type { RememberedRing, RingMemory } from "./ringMemory.ts";
import { type Standing, standingOf } from "./standing.ts";

/** Holds the ring of a place against what this device knows of it, before anything is sealed to it or taken from it. */
export type RingGuard = {
  /** How the ring stands; `held` are the keys of this device, and `opened` those that a slot of the ring gave. */
  standing(
    ring: RingFile | undefined,
    held: readonly Uint8Array[],
    options: CallOptions,
    opened?: readonly Uint8Array[],
  ): Promise<Standing>;
  /**
   * @throws KEY_RING_MISSING when the device knows a ring and there is none
   * @throws KEY_RING_ROLLED_BACK when the ring is older than the one that the device knows
   */
  assertCurrent(
    ring: RingFile | undefined,
    held: readonly Uint8Array[],
    options: CallOptions,
    opened?: readonly Uint8Array[],
  ): Promise<void>;
  /** The ring to write back. @throws KEY_MISSING when these keys prove none */
  remembered(held: readonly Uint8Array[], options: CallOptions): Promise<RememberedRing>;
};

export function ringGuard(memory: RingMemory): RingGuard {
  const standing: RingGuard["standing"] = async (ring, held, options, opened = []) =>
    standingOf(ring, await memory.recall([...held, ...opened], options), held.map(keyFingerprint));

  return {
    standing,

    async assertCurrent(ring, held, options, opened) {
      const found = await standing(ring, held, options, opened);
      if (found === "gone") throw new BackupError("KEY_RING_MISSING", "The key ring that this device knows is not in its place.");
      if (found === "older") throw new BackupError("KEY_RING_ROLLED_BACK", "The key ring is older than the one that this device knows.");
    },

    async remembered(held, options) {
      const known = await memory.recall(held, options);
      if (known && "ring" in known) return known;
      throw new BackupError("KEY_MISSING", "This device knows no key ring that its keys prove.");
    },
  };
}
