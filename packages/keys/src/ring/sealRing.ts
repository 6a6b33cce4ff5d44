import { BackupError, keyFingerprint } from "@xmtp-backup/core";
import type { SlotKind, SlotParameters } from "../slots/slotKey.ts";
import { type Anchor, authenticate, withAnchorOf } from "./anchor.ts";
import { concat } from "../util/bytes.ts";
import { type EmptySlot, sealTo, slotKeyPair, wrapAnchor } from "./slotCipher.ts";
import type { Ring, RingFile } from "./ringFile.ts";
import { ringLimits } from "./ringLimits.ts";

export type RingContents = {
  /** Archive keys, newest first; at least one. */
  keys: readonly Uint8Array[];
  /** The fingerprint of that among them from which the anchor is derived. */
  anchoredBy: string;
  slots: readonly EmptySlot[];
  /** How many changes came before. @default 0 */
  generation?: number;
};

export type SlotOrigin = { kind: SlotKind; secret: Uint8Array; parameters: SlotParameters; createdAtMs: number };

/** A new slot for a ring with that anchor; the only moment at which its secret is needed. */
export async function makeSlot({ kind, secret, parameters, createdAtMs }: SlotOrigin, anchor: Anchor): Promise<EmptySlot> {
  const { publicKey } = await slotKeyPair(secret);
  const slot = { id: crypto.randomUUID(), kind, createdAtMs, parameters, publicKey };
  return { ...slot, anchor: await wrapAnchor(slot, secret, anchor) };
}

/**
 * A ring of the next generation with all of the keys sealed to every slot, and authenticated; no slot's secret is needed.
 *
 * @throws OPTIONS_INVALID when it would have more slots or keys than a ring can have
 */
export async function sealRing({ keys, anchoredBy, slots, generation = 0 }: RingContents): Promise<RingFile> {
  if (slots.length > ringLimits.slots) throw new BackupError("OPTIONS_INVALID", `A key ring has at most ${ringLimits.slots} slots.`);
  if (keys.length > ringLimits.keys) throw new BackupError("OPTIONS_INVALID", `A key ring has at most ${ringLimits.keys} keys.`);
  const plain = concat(...keys);
  try {
    const sealed = await Promise.all(slots.map(async (slot) => ({ ...slot, sealedKeys: await sealTo(slot, plain) })));
    const ring: Ring = {
      version: 2,
      generation: Math.min(generation + 1, ringLimits.generation),
      keyFingerprints: keys.map(keyFingerprint),
      anchoredBy,
      slots: sealed,
    };
    return { ...ring, mac: await withAnchorOf(keyCalled(keys, anchoredBy), (anchor) => authenticate(ring, anchor)) };
  } finally {
    plain.fill(0);
  }
}

/** The key of that fingerprint, which must be there. */
export function keyCalled(keys: readonly Uint8Array[], fingerprint: string): Uint8Array {
  const found = keys.find((key) => keyFingerprint(key) === fingerprint);
  if (!found) throw new RangeError("The key that anchors the ring is not among its keys.");
  return found;
}
