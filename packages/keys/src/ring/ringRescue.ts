import { BackupError, type CallOptions, generateArchiveKey, isBackupError, keyFingerprint } from "@xmtp-backup/core";
import { wipe } from "../util/bytes.ts";
import type { SlotKey } from "../slots/slotKey.ts";
import { lackingKeys, notOpen } from "./deviceKeys.ts";
import type { Slot } from "./keyRingState.ts";
import { isOwnRing } from "./openRing.ts";
import { addedTo, type RingChanges } from "./ringChanges.ts";
import { assertNotNewer, decodeRing, type RingFile } from "./ringFile.ts";
import type { RingPlace } from "./ringOpening.ts";
import type { RingContents } from "./sealRing.ts";
import type { EmptySlot } from "./slotCipher.ts";

/** The two ways out of a ring that is damaged, gone, or older than the one that this device knows. */
export type RingRescue = {
  /** Makes a new ring of this device's keys and a new one, with this slot alone. */
  renew(slotKey: SlotKey, options: CallOptions): Promise<Slot>;
  /** Writes the newest ring that this device knows, with all of its slots. */
  putBack(options: CallOptions): Promise<void>;
};

export function ringRescue(
  { document, device, guard, memory }: RingPlace,
  { contentsOf, replace, rewrite, withSlot }: RingChanges,
): RingRescue {
  /** The ring to write over these bytes; what is current there stays as it is. */
  async function newest(bytes: Uint8Array | undefined, options: CallOptions): Promise<RingContents> {
    const there = bytes && (await decodeRing(bytes).catch(ifDamaged));
    return device.withKeys(options, async (held) => {
      if (there && (await guard.standing(there, held, options)) === "current") return contentsOf(there, options);
      const { ring } = await guard.remembered(held, options);
      // It may be one that another device renewed, with the only copy of a key.
      if (there && lackingKeys(there, held.map(keyFingerprint)).length > 0) throw notOpen(there);
      const generation = Math.max(ring.generation, there ? await generationOf(there, ring, held) : 0);
      return { keys: await device.openFor(ring, options), anchoredBy: ring.anchoredBy, slots: ring.slots, generation };
    });
  }

  async function isCurrent(options: CallOptions): Promise<boolean> {
    const there = await document.read(options).catch(ifDamaged);
    return there !== undefined && (await device.withKeys(options, (held) => guard.standing(there, held, options))) === "current";
  }

  return {
    async renew(slotKey, options) {
      const held = await device.load(options);
      const fresh = generateArchiveKey();
      try {
        if (held.length === 0) throw new BackupError("KEY_MISSING", "This device has no key to make a key ring of.");
        // Nothing of a newer app is overwritten: neither its ring nor its note.
        await document.read(options).catch(ifDamaged);
        await memory.recall([], options);
        const contents: RingContents = { keys: [fresh, ...held], anchoredBy: keyFingerprint(fresh), slots: [] };
        const put = (slotIn: (contents: RingContents) => Promise<EmptySlot>) =>
          replace(async (bytes) => {
            if (bytes) assertNotNewer(bytes);
            return addedTo(contents, await slotIn(contents));
          }, options);
        return await withSlot(slotKey, put, options);
      } finally {
        wipe([fresh, ...held]);
      }
    },

    async putBack(options) {
      if (!(await isCurrent(options))) await rewrite((bytes) => newest(bytes, options), options);
    },
  };
}

/** Only what the anchor proves counts. */
async function generationOf(there: RingFile, known: RingFile, held: readonly Uint8Array[]): Promise<number> {
  const isSameLine = there.anchoredBy === known.anchoredBy && (await isOwnRing(there, held).catch(() => false));
  return isSameLine ? there.generation : 0;
}

function ifDamaged(error: unknown): undefined {
  if (!isBackupError(error) || error.code !== "KEY_RING_DAMAGED") throw error;
}
