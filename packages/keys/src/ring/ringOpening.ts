import { type ArchiveStore, BackupError, type CallOptions, isBackupError, keyFingerprint, listOutlines } from "@xmtp-backup/core";
import type { SlotKey } from "../slots/slotKey.ts";
import { wipe } from "./bytes.ts";
import type { DeviceKeys } from "./deviceKeys.ts";
import { openRing, type OpenedRing } from "./openRing.ts";
import type { RingDocument } from "./ringDocument.ts";
import type { RingFile } from "./ringFile.ts";

/** How a ring is opened by what one of its slots needs. */
export type RingOpening = {
  /** Opens it, and keeps nothing. @throws KEY_MISSING when there is none */
  peek(slotKey: SlotKey, options: CallOptions): Promise<OpenedRing>;
  /** Opens it, and brings the keys to this device. @throws KEY_MISSING when there is none */
  open(slotKey: SlotKey, options: CallOptions): Promise<void>;
};

export function ringOpening(store: ArchiveStore, document: RingDocument, device: DeviceKeys): RingOpening {
  const noRing = () => new BackupError("KEY_MISSING", "There is no key ring in this place.");

  /** Words that open no slot may be an archive key itself, of a time when there was no ring. */
  async function takeBareKey(slotKey: SlotKey, ring: RingFile | undefined, options: CallOptions): Promise<boolean> {
    const key = slotKey.archiveKey?.();
    if (!key) return false;
    const known = ring?.keyFingerprints ?? (await listOutlines(store, options)).map((archive) => archive.keyFingerprint);
    const isKnown = known.includes(keyFingerprint(key));
    if (isKnown) await (ring ? device.keepOf(ring, [key], options) : device.keep([key], options));
    wipe([key]);
    return isKnown;
  }

  return {
    async peek(slotKey, options) {
      const ring = await document.read(options);
      if (!ring) throw noRing();
      return openRing(ring, slotKey, options);
    },

    async open(slotKey, options) {
      const ring = await document.read(options);
      try {
        if (!ring) throw noRing();
        const { keys } = await openRing(ring, slotKey, options);
        await device.keepOf(ring, keys, options).finally(() => wipe(keys));
      } catch (error) {
        const isLocked = isBackupError(error) && (error.code === "KEY_MISSING" || error.code === "SECRET_WRONG");
        if (!isLocked || !(await takeBareKey(slotKey, ring, options))) throw error;
      }
    },
  };
}
