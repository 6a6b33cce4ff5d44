import { fromRecoveryPhrase } from "../phrase/fromRecoveryPhrase.ts";
import type { SlotKey } from "./slotKey.ts";

/**
 * A slot of a key ring that 24 words open, as `generateRecoveryPhrase` makes them.
 *
 * The words open the slot and are not the archive key, so that each can be changed alone. Words that are an archive key
 * (`toRecoveryPhrase`) are taken too: to make a slot, and to bring that one key to a device.
 *
 * @throws PHRASE_INVALID when these are not 24 words with a sound checksum
 * @throws OPTIONS_INVALID when they are no text
 *
 * @example
 * ```ts
 * import { type KeyRing, recoveryPhrase } from "@xmtp-backup/keys";
 *
 * const enter = (ring: KeyRing, typed: string) => ring.open(recoveryPhrase(typed));
 * ```
 */
export function recoveryPhrase(phrase: string): SlotKey {
  const entropy = fromRecoveryPhrase(phrase);
  return {
    kind: "recoveryPhrase",
    create: async () => ({ secret: new Uint8Array(entropy), parameters: {} }),
    async *unlock(slots) {
      for (const { id } of slots) yield { id, secret: new Uint8Array(entropy) };
    },
    archiveKey: () => new Uint8Array(entropy),
  };
}
