import { BackupError } from "@xmtp-backup/core";
import type { Slot } from "./keyRingState.ts";

/** A slot by its id, or as the ring shows it. */
export type SlotRef = Slot["id"] | Pick<Slot, "id">;

/** Ids are random UUIDs. */
const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id of a slot that was named by its id or as the ring shows it.
 *
 * @throws OPTIONS_INVALID when it is neither
 */
export function slotIdOf(slot: unknown): string {
  const id: unknown = typeof slot === "object" && slot !== null && "id" in slot ? slot.id : slot;
  if (typeof id === "string" && id !== "") return id;
  throw noSlotId();
}

/**
 * Refuses an id that no slot can have had: a name or a kind, for example. The argument may be the user's words, so it is in no error.
 *
 * @throws OPTIONS_INVALID when it has not the form of an id
 */
export function assertSlotId(id: string): void {
  if (!idForm.test(id)) throw noSlotId();
}

function noSlotId(): BackupError {
  return new BackupError("OPTIONS_INVALID", "A slot is named by its id, or as addSlot and inspect give it.");
}
