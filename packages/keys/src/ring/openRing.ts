import { archiveKeyBytes, BackupError, type CallOptions, keyFingerprint } from "@xmtp-backup/core";
import type { SlotKey } from "../slots/slotKey.ts";
import { isAuthentic, withAnchorOf } from "./anchor.ts";
import { wipe } from "../util/bytes.ts";
import { damaged, type RingFile, type RingSlot } from "./ringFile.ts";
import { keyCalled } from "./sealRing.ts";
import { type SlotKeyPair, slotKeyPair, unseal, unwrapAnchor } from "./slotCipher.ts";

/** The archive keys of a ring, newest first, the slot that was opened, and the ring that it is of. */
export type OpenedRing = { ring: RingFile; slot: RingSlot; keys: Uint8Array[] };

/**
 * Opens a ring with what one of its slots needs.
 *
 * @throws as `openOneOf` does
 */
export function openRing(ring: RingFile, slotKey: SlotKey, options: CallOptions = {}): Promise<OpenedRing> {
  return openOneOf([ring], slotKey, options);
}

/**
 * Opens the first of these rings that has a slot for it. The slots of all of them are asked for at once, each one time.
 *
 * The public key of a secret shows whether it is right, before anything is decrypted. So a later failure is damage or forgery.
 *
 * @throws SECRET_WRONG when it opens none of the slots
 * @throws KEY_RING_DAMAGED when the secret is right and the ring is not what was written
 * @throws SLOT_FAILED when a vault or a passkey did not answer
 */
export async function openOneOf(rings: readonly RingFile[], slotKey: SlotKey, options: CallOptions = {}): Promise<OpenedRing> {
  const candidates = candidatesOf(rings, slotKey.kind);
  const locked = [...candidates].map(([id, { slot }]) => ({ id, parameters: slot.parameters }));
  for await (const { id, secret } of slotKey.unlock(locked, options)) {
    try {
      options.signal?.throwIfAborted();
      const { publicKey, pair } = await slotKeyPair(secret);
      const found = candidates.get(id);
      if (found?.slot.publicKey === publicKey) return { ...found, keys: await openSlot(found.ring, found.slot, secret, pair) };
    } finally {
      secret.fill(0);
    }
  }
  options.signal?.throwIfAborted();
  throw new BackupError("SECRET_WRONG", `${entered[slotKey.kind]} opens no slot of the key ring.`, { details: whatTheyHave(rings) });
}

/** Whether a ring is what a holder of these keys wrote, which must be all that it has. */
export async function isOwnRing(ring: RingFile, keys: readonly Uint8Array[]): Promise<boolean> {
  return (
    ring.keyFingerprints.includes(ring.anchoredBy) && withAnchorOf(keyCalled(keys, ring.anchoredBy), (anchor) => isAuthentic(ring, anchor))
  );
}

type Candidate = { ring: RingFile; slot: RingSlot };

/**
 * The slots of a kind by names that no two have; a slot that is in several rings counts in the first. The first slots of all rings come
 * before the second ones, so that a ring with many can't keep those of another from being tried.
 */
function candidatesOf(rings: readonly RingFile[], kind: SlotKey["kind"]): Map<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  const seen = new Set<string>();
  const rows = rings.map((ring) => ring.slots.flatMap((slot) => (slot.kind === kind ? [{ ring, slot }] : [])));
  const longest = Math.max(0, ...rows.map(({ length }) => length));
  for (let index = 0; index < longest; index += 1) {
    for (const candidate of rows.flatMap((row) => row[index] ?? [])) {
      const { slot } = candidate;
      const mark = JSON.stringify([slot.publicKey, slot.parameters]);
      if (seen.has(mark)) continue;
      seen.add(mark);
      candidates.set(candidates.has(slot.id) ? `${slot.id}-${candidates.size}` : slot.id, candidate);
    }
  }
  return candidates;
}

async function openSlot(ring: RingFile, slot: RingSlot, secret: Uint8Array, pair: SlotKeyPair): Promise<Uint8Array[]> {
  const anchor = await unwrapAnchor(slot, secret).catch(() => undefined);
  try {
    if (!anchor || !(await isAuthentic(ring, anchor))) throw forged();
    const plain = await unseal(slot, pair).catch(() => {
      throw damaged("The keys in the key ring can't be decrypted.");
    });
    const keys = keysIn(plain);
    plain.fill(0);
    const isWhole = keys.map(keyFingerprint).join() === ring.keyFingerprints.join();
    if (isWhole && (await isAnchoredBy(anchor, ring, keys))) return keys;
    wipe(keys);
    throw isWhole ? forged() : damaged("The key ring holds other keys than it says.");
  } finally {
    anchor?.fill(0);
  }
}

/** A former holder of a slot knows the anchor, and could name another key for it. */
async function isAnchoredBy(anchor: Uint8Array, ring: RingFile, keys: readonly Uint8Array[]): Promise<boolean> {
  if (!ring.keyFingerprints.includes(ring.anchoredBy)) return false;
  return withAnchorOf(keyCalled(keys, ring.anchoredBy), async (own) => own.every((byte, index) => byte === anchor[index]));
}

function keysIn(plain: Uint8Array): Uint8Array[] {
  return Array.from({ length: plain.length / archiveKeyBytes }, (_, index) =>
    plain.slice(index * archiveKeyBytes, (index + 1) * archiveKeyBytes),
  );
}

function forged(): BackupError {
  return damaged("The key ring was altered by somebody who has none of its keys.");
}

const entered: Readonly<Record<SlotKey["kind"], string>> = {
  recoveryPhrase: "This is a sound recovery phrase, but it",
  passphrase: "This passphrase",
  passkey: "This passkey",
  custom: "This vault",
};

function whatTheyHave(rings: readonly RingFile[]): string {
  const kinds = [...new Set(rings.flatMap(({ slots }) => slots.map(({ kind }) => kind)))];
  return kinds.length > 0 ? `It has slots of: ${kinds.join(", ")}.` : "It has no slot.";
}
