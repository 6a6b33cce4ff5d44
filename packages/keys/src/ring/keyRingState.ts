import type { SlotKind } from "../slots/slotKey.ts";
import { lackingKeys } from "./deviceKeys.ts";
import type { Ring, RingSlot } from "./ringFile.ts";

/** A slot of a key ring, as people see it. */
export type Slot = {
  id: string;
  kind: SlotKind;
  /** When the slot was made, in milliseconds since 1970. */
  createdAtMs: number;
  /** Of a `custom` slot: what the app calls its vault. */
  name?: string;
};

export type KeyRingWarning = {
  kind: "noSlot" | "oneSlot" | "deviceBehind" | "ringBehind" | "copies";
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
  copies: {
    text: "The key ring was changed on two devices at once, and the program that syncs its folder kept both versions. A slot may be in the one that is not used.",
    wayOut: "Look whether every slot is listed, add what is missing again, and delete the second version in the folder.",
  },
} as const satisfies Record<KeyRingWarning["kind"], { text: string; wayOut: string }>;

/** How a ring stands beside the keys that a device has, by their fingerprints; without a ring, the device's keys are all there is. */
export function keyRingState(ring: Ring | undefined, held: readonly string[], hasCopies = false): KeyRingState {
  if (!ring) return { slots: [], keyFingerprints: [...held], isOpen: held.length > 0, warnings: warningsOf(held.length > 0 && "noSlot") };
  const lacking = lackingKeys(ring, held).length;
  return {
    slots: ring.slots.map(toSlot),
    keyFingerprints: ring.keyFingerprints,
    isOpen: lacking === 0,
    warnings: warningsOf(
      ring.slots.length === 0 && "noSlot",
      ring.slots.length === 1 && "oneSlot",
      held.length > 0 && lacking > 0 && "deviceBehind",
      held.some((fingerprint) => !ring.keyFingerprints.includes(fingerprint)) && "ringBehind",
      hasCopies && "copies",
    ),
  };
}

export function toSlot({ id, kind, createdAtMs, parameters }: Omit<RingSlot, "anchor" | "sealedKeys">): Slot {
  const name = kind === "custom" ? parameters["name"] : undefined;
  return { id, kind, createdAtMs, ...(typeof name === "string" && { name }) };
}

function warningsOf(...kinds: readonly (KeyRingWarning["kind"] | false)[]): KeyRingWarning[] {
  return kinds.filter((kind) => kind !== false).map((kind) => ({ kind, ...warnings[kind] }));
}
