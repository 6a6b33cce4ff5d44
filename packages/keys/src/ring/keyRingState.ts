import { isSlotKind } from "../slots/assertSlotKey.ts";
import type { SlotKind } from "../slots/slotKey.ts";
import { lackingKeys } from "./deviceKeys.ts";
import type { Ring, RingSlot } from "./ringFile.ts";
import type { Standing } from "./standing.ts";

/** A slot of a key ring, as people see it. */
export type Slot = {
  id: string;
  /** `newer` is a kind that this version of the app does not know: it is kept, and can't be opened here. */
  kind: SlotKind | "newer";
  /** When the slot was made, in milliseconds since 1970. */
  createdAtMs: number;
  /** Of a `custom` slot: what the app calls its vault. */
  name?: string;
};

export type KeyRingWarning = {
  kind: "noSlot" | "oneSlot" | "deviceBehind" | "ringBehind" | "ringGone" | "ringOlder" | "copies" | "newerSlot" | "notNoted";
  /** What could be lost. */
  text: string;
  /** What a person can do about it. */
  wayOut: string;
};

/** How a key ring stands, seen from this device. */
export type KeyRingState = {
  slots: Slot[];
  /** The archive keys by their fingerprints, newest first. */
  keyFingerprints: string[];
  /** Whether this device has all keys of the ring, so that it can read every archive and change the ring. */
  isOpen: boolean;
  warnings: KeyRingWarning[];
};

const warnings = {
  noSlot: {
    text: "The key is on this device alone. If the device is lost, nobody can read the backups again.",
    wayOut: "Write down a recovery phrase, or add another slot.",
  },
  oneSlot: {
    text: "One thing alone opens the backups on a new device.",
    wayOut: "Add a second slot of another kind, so that losing one is no loss.",
  },
  deviceBehind: {
    text: "The key was changed on another device. This one can't read newer backups, and makes its own with the old key.",
    wayOut: "Open the key ring once on this device, with any of its slots.",
  },
  ringBehind: {
    text: "This device has a key that the key ring lacks. Backups made with it can't be read on a new device.",
    wayOut: "Open the key ring once on this device, with any of its slots; the key is then added to it.",
  },
  ringGone: {
    text: "The key ring is gone from its place. A new device can't open the backups.",
    wayOut: "Write it back from this device, with all of its slots.",
  },
  ringOlder: {
    text: "The key ring is older than the one that this device knows. A slot that was removed may be in it again.",
    wayOut:
      "Write the newest one back from this device. If somebody else can write into the place for backups, make a new key ring in place of it.",
  },
  copies: {
    text: "The key ring was changed on two devices at once, and the program that syncs its folder kept both versions. The second one may hold the only keys of some backups.",
    wayOut:
      "Open the key ring once with what opens the second version; its keys are then added. Keep both versions until every backup can be read.",
  },
  newerSlot: {
    text: "A newer version of the app made a slot that this version can't open.",
    wayOut: "Update the app. The slot is kept until then.",
  },
  notNoted: {
    text: "This device could not note the newest key ring. After a restart it can't tell an older one from it.",
    wayOut: "Make room on this device, and let the app write into its own folder.",
  },
} as const satisfies Record<KeyRingWarning["kind"], { text: string; wayOut: string }>;

export type SeenRing = { standing: Standing; hasCopies: boolean; isNoted: boolean };

/** How a ring stands beside the keys that a device has, by their fingerprints; without a ring, the device's keys are all there is. */
export function keyRingState(ring: Ring | undefined, held: readonly string[], { standing, hasCopies, isNoted }: SeenRing): KeyRingState {
  if (!ring) {
    const [isOpen, isGone] = [held.length > 0, standing === "gone"];
    return { slots: [], keyFingerprints: [...held], isOpen, warnings: warningsOf(isGone ? "ringGone" : isOpen && "noSlot") };
  }
  const lacking = lackingKeys(ring, held).length;
  const isOlder = standing === "older" && lacking === 0;
  return {
    slots: ring.slots.map(toSlot),
    keyFingerprints: ring.keyFingerprints,
    isOpen: lacking === 0,
    warnings: warningsOf(
      ring.slots.length === 0 && "noSlot",
      ring.slots.length === 1 && "oneSlot",
      held.length > 0 && lacking > 0 && "deviceBehind",
      isOlder && "ringOlder",
      !isOlder && held.some((fingerprint) => !ring.keyFingerprints.includes(fingerprint)) && "ringBehind",
      hasCopies && "copies",
      ring.slots.some(({ kind }) => !isSlotKind(kind)) && "newerSlot",
      !isNoted && "notNoted",
    ),
  };
}

export function toSlot({ id, kind, createdAtMs, parameters }: Omit<RingSlot, "anchor" | "sealedKeys">): Slot {
  const name = kind === "custom" ? parameters["name"] : undefined;
  return { id, kind: isSlotKind(kind) ? kind : "newer", createdAtMs, ...(typeof name === "string" && { name }) };
}

function warningsOf(...kinds: readonly (KeyRingWarning["kind"] | false)[]): KeyRingWarning[] {
  return kinds.filter((kind) => kind !== false).map((kind) => ({ kind, ...warnings[kind] }));
}
