import { archiveKeyBytes, BackupError, type CallOptions, keyFingerprint } from "@xmtp-backup/core";
import type { SlotKey } from "../slots/slotKey.ts";
import { isAuthentic, withAnchorOf } from "./anchor.ts";
import { damaged, type RingFile, type RingSlot } from "./ringFile.ts";
import { keyCalled } from "./sealRing.ts";
import { type SlotKeyPair, slotKeyPair, unseal, unwrapAnchor } from "./slotCipher.ts";

/** The archive keys of a ring, newest first, and the slot that was opened. */
export type OpenedRing = { slot: RingSlot; keys: Uint8Array[] };

/**
 * Opens a ring with what one of its slots needs.
 *
 * Whether a secret is right is told by its public key, before anything is decrypted; so what fails afterwards is damage or forgery.
 *
 * @throws SECRET_WRONG when it opens none of the slots
 * @throws KEY_RING_DAMAGED when the secret is right and the ring is not what was written
 * @throws SLOT_FAILED when a vault or a passkey did not answer
 */
export async function openRing(ring: RingFile, slotKey: SlotKey, options: CallOptions = {}): Promise<OpenedRing> {
  const slots = ring.slots.filter(({ kind }) => kind === slotKey.kind);
  for await (const { id, secret } of slotKey.unlock(slots, options)) {
    options.signal?.throwIfAborted();
    try {
      const { publicKey, pair } = await slotKeyPair(secret);
      const slot = slots.find((each) => each.id === id && each.publicKey === publicKey);
      if (slot) return { slot, keys: await openSlot(ring, slot, secret, pair) };
    } finally {
      secret.fill(0);
    }
  }
  throw new BackupError("SECRET_WRONG", `${entered[slotKey.kind]} opens no slot of the key ring.`, { details: whatItHas(ring) });
}

/** Whether a ring is what a holder of these keys wrote, which must be all that it has. */
export async function isOwnRing(ring: RingFile, keys: readonly Uint8Array[]): Promise<boolean> {
  return ring.keyFingerprints.includes(ring.anchoredBy) && withAnchorOf(keyCalled(keys, ring.anchoredBy), (anchor) => isAuthentic(ring, anchor));
}

async function openSlot(ring: RingFile, slot: RingSlot, secret: Uint8Array, pair: SlotKeyPair): Promise<Uint8Array[]> {
  const anchor = await unwrapAnchor(slot, secret).catch(() => undefined);
  const isWhole = anchor && (await isAuthentic(ring, anchor));
  anchor?.fill(0);
  if (!isWhole) throw damaged("The key ring was altered by somebody who has none of its keys.");
  const plain = await unseal(slot, pair).catch(() => {
    throw damaged("The keys in the key ring can't be decrypted.");
  });
  try {
    const keys = Array.from({ length: plain.length / archiveKeyBytes }, (_, index) => plain.slice(index * archiveKeyBytes, (index + 1) * archiveKeyBytes));
    if (keys.map(keyFingerprint).join() !== ring.keyFingerprints.join()) throw damaged("The key ring holds other keys than it says.");
    return keys;
  } finally {
    plain.fill(0);
  }
}

const entered: Readonly<Record<SlotKey["kind"], string>> = {
  recoveryPhrase: "This is a sound recovery phrase, but it",
  passphrase: "This passphrase",
  passkey: "This passkey",
  custom: "This vault",
};

function whatItHas({ slots }: RingFile): string {
  const kinds = [...new Set(slots.map(({ kind }) => kind))];
  return kinds.length > 0 ? `It has slots of: ${kinds.join(", ")}.` : "It has no slot.";
}
