import { generateArchiveKey } from "@xmtp-backup/core";
import { toRecoveryPhrase } from "./toRecoveryPhrase.ts";

/**
 * 24 new words for a slot of a key ring: 256 random bits and a checksum (BIP-39, English).
 *
 * Show them once, when the user asks, and add the slot when the user has confirmed them (`askForWords`).
 *
 * @example
 * ```ts
 * import { generateRecoveryPhrase, type KeyRing, recoveryPhrase } from "@xmtp-backup/keys";
 *
 * const words = generateRecoveryPhrase();
 * const keep = (ring: KeyRing) => ring.addSlot(recoveryPhrase(words));
 * ```
 */
export function generateRecoveryPhrase(): string {
  const entropy = generateArchiveKey();
  try {
    return toRecoveryPhrase(entropy);
  } finally {
    entropy.fill(0);
  }
}
