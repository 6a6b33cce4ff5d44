import type { CallOptions, Json } from "@xmtp-backup/core";

export type SlotKind = "recoveryPhrase" | "passphrase" | "passkey" | "custom";

/** What a slot remembers of how it was made, in the clear: a salt, a cost, the id of a passkey. Never a secret. */
export type SlotParameters = { readonly [name: string]: Json };

/** 32 bytes that open a slot. The caller overwrites them after use. */
export type SlotSecret = Uint8Array;

/**
 * What opens one slot of a key ring, or makes a new one: the words that a person typed, a passkey, an app's vault.
 *
 * Made by `recoveryPhrase`, `passphrase`, `passkey` and `custom`.
 */
export type SlotKey = {
  readonly kind: SlotKind;
  /** The secret and the parameters of a new slot. */
  create(options?: CallOptions): Promise<{ secret: SlotSecret; parameters: SlotParameters }>;
  /** The secrets that this key has for slots of its kind, one after the other, until the ring says that one is right. */
  unlock(slots: readonly LockedSlot[], options?: CallOptions): AsyncIterable<{ id: string; secret: SlotSecret }>;
  /** The archive key itself, which these words may be, of a time when there was no ring. */
  archiveKey?(): Uint8Array;
};

export type LockedSlot = { readonly id: string; readonly parameters: SlotParameters };
