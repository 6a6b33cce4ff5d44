import { BackupError } from "@xmtp-backup/core";
import type { SlotKey, SlotKind } from "./slotKey.ts";

/** The kinds of slots that this version of the app knows. */
const slotKinds = { recoveryPhrase: true, passphrase: true, passkey: true, custom: true } as const satisfies Record<SlotKind, true>;

/** Whether this version of the app knows a kind of slot. */
export function isSlotKind(kind: unknown): kind is SlotKind {
  return typeof kind === "string" && Object.hasOwn(slotKinds, kind);
}

/**
 * Refuses what opens no slot. The argument may be the user's words, so no part of it is in the error.
 *
 * @param call - what takes the slot key, as its caller wrote it
 * @throws OPTIONS_INVALID when it is no slot key
 */
export function assertSlotKey(call: string, value: unknown): asserts value is SlotKey {
  if (isSlotKey(value)) return;
  throw new BackupError("OPTIONS_INVALID", `${call} takes what opens a slot, not what the user typed.`, {
    details: "Pass recoveryPhrase(words), passphrase(text), passkey(options) or custom(vault).",
  });
}

function isSlotKey(value: unknown): value is SlotKey {
  if (typeof value !== "object" || value === null) return false;
  const { kind, create, unlock, archiveKey } = value as Partial<Record<keyof SlotKey, unknown>>;
  return (
    isSlotKind(kind) &&
    typeof create === "function" &&
    typeof unlock === "function" &&
    (archiveKey === undefined || typeof archiveKey === "function")
  );
}
