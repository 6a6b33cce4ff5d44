import { BackupError, type CallOptions, isBackupError, keyFingerprint } from "@xmtp-backup/core";
import type { SlotKey } from "../slots/slotKey.ts";
import { withAnchorOf } from "./anchor.ts";
import { wipe } from "../util/bytes.ts";
import { openRing } from "./openRing.ts";
import { decodeRing, encodeRing } from "./ringFile.ts";
import { makeSlot, sealRing, type SlotOrigin } from "./sealRing.ts";

const secretBytes = 32;

/**
 * Opens a new slot once, in a ring of its own around a key that is thrown away, as a new device would open it.
 *
 * @throws SLOT_UNUSABLE when it does not open, or has a secret that anybody could guess
 * @throws SLOT_FAILED when a vault or a passkey did not answer
 */
export async function proveSlot(slotKey: SlotKey, origin: SlotOrigin, options: CallOptions): Promise<void> {
  const { secret } = origin;
  if (secret.length !== secretBytes || secret.every((byte) => byte === 0))
    throw new BackupError("SLOT_UNUSABLE", `The new slot has no secret of ${secretBytes} bytes.`);
  const key = crypto.getRandomValues(new Uint8Array(32));
  try {
    const slot = await withAnchorOf(key, (anchor) => makeSlot(origin, anchor));
    const file = await encodeRing(await sealRing({ keys: [key], anchoredBy: keyFingerprint(key), slots: [slot] }));
    wipe((await openRing(await decodeRing(file), slotKey, options)).keys);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isBackupError(error) || !["SECRET_WRONG", "KEY_RING_DAMAGED"].includes(error.code)) throw error;
    throw new BackupError("SLOT_UNUSABLE", "The new slot does not open what was sealed to it.", { cause: error });
  } finally {
    wipe([key]);
  }
}
