import type { Ring } from "./ringFile.ts";

/** The newest ring that a device knows, and the ids of slots that it saw in that ring or an earlier one and that were removed. */
export type KnownRing = { ring: Ring; removedSlots: readonly string[] };

/** What a device's note says of the newest ring, while the device lacks the key that would prove the note. */
export type UnprovenRing = { anchoredBy: string };

/** How the ring of a place stands beside what a device knows: `gone` where it knows one and there is none, `older` where it must not be sealed to. */
export type Standing = "current" | "older" | "gone";

/** How a ring stands beside the newest one that this device knows, or, without such a note, beside the keys that it holds. */
export function standingOf(ring: Ring | undefined, known: KnownRing | UnprovenRing | undefined, held: readonly string[]): Standing {
  if (!ring) return known ? "gone" : "current";
  if (!known) return isBehindKeys(ring, held) ? "older" : "current";
  const isOlder = "ring" in known ? isBehind(ring, known) : !ring.keyFingerprints.includes(known.anchoredBy);
  return isOlder ? "older" : "current";
}

/** A newer ring keeps every key. With one anchor it counts on; with another it has that anchor's key since it was renewed. */
export function isBehind(ring: Ring, { ring: known, removedSlots }: KnownRing): boolean {
  if (!includesAll(ring.keyFingerprints, known.keyFingerprints)) return true;
  if (ring.anchoredBy !== known.anchoredBy) return known.keyFingerprints.includes(ring.anchoredBy);
  return ring.generation < known.generation || ring.slots.some(({ id }) => removedSlots.includes(id));
}

/** A device that has the anchor's key has known this ring; keys that it holds beside are of a newer one. */
function isBehindKeys(ring: Ring, held: readonly string[]): boolean {
  return held.includes(ring.anchoredBy) && !includesAll(ring.keyFingerprints, held);
}

function includesAll(list: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((each) => list.includes(each));
}
