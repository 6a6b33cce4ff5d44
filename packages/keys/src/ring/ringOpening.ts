import {
  type ArchiveStore,
  BackupError,
  type BackupErrorCode,
  type CallOptions,
  isBackupError,
  keyFingerprint,
  listOutlines,
} from "@xmtp-backup/core";
import type { SlotKey } from "../slots/slotKey.ts";
import { wipe } from "../util/bytes.ts";
import { type DeviceKeys, lackingKeys } from "./deviceKeys.ts";
import { openOneOf, openRing, type OpenedRing } from "./openRing.ts";
import type { RingDocument } from "./ringDocument.ts";
import type { RingFile, RingSlot } from "./ringFile.ts";
import type { RingGuard } from "./ringGuard.ts";
import type { RingMemory } from "./ringMemory.ts";

export type OpenOptions = CallOptions & {
  /** Takes the ring for the newest although this device knows another: a person looked at its slots, and each is theirs. @default false */
  acceptOlder?: boolean;
};

/** How a ring is opened by what one of its slots needs. */
export type RingOpening = {
  /** Opens it, and keeps nothing. @throws KEY_MISSING when there is none */
  peek(slotKey: SlotKey, options: CallOptions): Promise<OpenedRing>;
  /** Opens it, or else a second version of it, and brings the keys to this device. @throws KEY_MISSING when there is none */
  open(slotKey: SlotKey, options: OpenOptions): Promise<void>;
};

export type RingPlace = { store: ArchiveStore; document: RingDocument; device: DeviceKeys; guard: RingGuard; memory: RingMemory };

export function ringOpening({ store, document, device, guard, memory }: RingPlace): RingOpening {
  /** @throws KEY_RING_MISSING when this device knows one, KEY_MISSING otherwise */
  async function noRing(options: CallOptions): Promise<BackupError> {
    await device.withKeys(options, (held) => guard.assertCurrent(undefined, held, options));
    return new BackupError("KEY_MISSING", "There is no key ring in this place.");
  }

  async function openMain(ring: RingFile, slotKey: SlotKey, { acceptOlder = false, ...options }: OpenOptions): Promise<RingSlot> {
    const { slot, keys } = await openRing(ring, slotKey, options);
    try {
      if (!acceptOlder) await device.withKeys(options, (held) => guard.assertCurrent(ring, held, options, keys));
      await device.keepOf(ring, keys, options);
      await (acceptOlder ? memory.replace(ring, keys, options) : memory.remember(ring, keys, options));
      return slot;
    } finally {
      wipe(keys);
    }
  }

  /** A second version that a sync program kept may be the only ring of some archives; false when this opens none. */
  async function openCopy(slotKey: SlotKey, options: CallOptions): Promise<boolean> {
    const copies = await document.readCopies(options);
    // All are asked for at once. Where one that was altered spoils that, each is tried alone.
    for (const among of copies.length > 0 ? [copies, ...copies.map((copy) => [copy])] : []) {
      const opened = await openAmong(among, slotKey, options);
      if (opened === "damaged") continue;
      if (!opened) return false;
      await device.keepBehind(opened.keys, options).finally(() => wipe(opened.keys));
      await openOthers(opened, slotKey, options);
      return true;
    }
    return false;
  }

  async function openAmong(
    rings: readonly RingFile[],
    slotKey: SlotKey,
    options: CallOptions,
  ): Promise<OpenedRing | "damaged" | undefined> {
    try {
      return await openOneOf(rings, slotKey, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (isOneOf(error, ["KEY_RING_DAMAGED"])) return "damaged";
      if (isOneOf(error, ["SECRET_WRONG", "SLOT_FAILED"])) return undefined;
      throw error;
    }
  }

  /**
   * What the same slot opens beside. With the keys a mirror may know a later ring, and gives that as the main one. Second versions have
   * keys of their own where two devices changed the ring at once; nothing says of these that they are later.
   */
  async function openOthers({ ring, slot }: Pick<OpenedRing, "ring" | "slot">, slotKey: SlotKey, options: CallOptions): Promise<void> {
    const isTwin = async (other: RingFile) =>
      other !== ring &&
      other.slots.some(({ publicKey }) => publicKey === slot.publicKey) &&
      lackingKeys(other, await device.fingerprints(options)).length > 0;
    // The ring is open, even if another version can't be read now.
    const [main, copies] = [await document.read(options).catch(() => undefined), await document.readCopies(options).catch(() => [])];
    options.signal?.throwIfAborted();
    if (main && (await isTwin(main))) {
      await openMain(main, slotKey, options).catch((error: unknown) => {
        if (!isOneOf(error, ["SECRET_WRONG", "SLOT_FAILED", "KEY_RING_DAMAGED", "KEY_RING_ROLLED_BACK"])) throw error;
      });
    }
    for (const copy of copies) {
      const opened = (await isTwin(copy)) ? await openAmong([copy], slotKey, options) : undefined;
      if (opened && opened !== "damaged") await device.keepBehind(opened.keys, options).finally(() => wipe(opened.keys));
    }
  }

  /** Words that open no slot may be an archive key itself, of a time when there was no ring. */
  async function takeBareKey(slotKey: SlotKey, ring: RingFile | undefined, options: CallOptions): Promise<boolean> {
    const key = slotKey.archiveKey?.();
    if (!key) return false;
    try {
      const known = ring?.keyFingerprints ?? (await listOutlines(store, options)).map((archive) => archive.keyFingerprint);
      if (!known.includes(keyFingerprint(key))) return false;
      const isCurrent = ring && (await device.withKeys(options, (held) => guard.standing(ring, held, options, [key]))) === "current";
      await (isCurrent ? device.keepOf(ring, [key], options) : device.keepBehind([key], options));
      return true;
    } finally {
      wipe([key]);
    }
  }

  return {
    async peek(slotKey, options) {
      const ring = await document.read(options);
      if (!ring) throw await noRing(options);
      const opened = await openRing(ring, slotKey, options);
      try {
        await device.withKeys(options, (held) => guard.assertCurrent(ring, held, options, opened.keys));
        return opened;
      } catch (error) {
        wipe(opened.keys);
        throw error;
      }
    },

    async open(slotKey, options) {
      const { acceptOlder: _accept, ...callOptions } = options;
      let ring: RingFile | undefined;
      let slot: RingSlot;
      try {
        ring = await document.read(callOptions);
        if (!ring) throw await noRing(callOptions);
        slot = await openMain(ring, slotKey, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (
          isOneOf(error, ["SECRET_WRONG", "SLOT_FAILED", "KEY_RING_DAMAGED", "KEY_RING_VERSION_UNSUPPORTED"]) &&
          (await openCopy(slotKey, callOptions))
        )
          return;
        if (isOneOf(error, ["SECRET_WRONG", "KEY_MISSING", "KEY_RING_MISSING"]) && (await takeBareKey(slotKey, ring, callOptions))) return;
        throw error;
      }
      await openOthers({ ring, slot }, slotKey, callOptions);
    },
  };
}

function isOneOf(error: unknown, codes: readonly BackupErrorCode[]): boolean {
  return isBackupError(error) && codes.includes(error.code);
}
