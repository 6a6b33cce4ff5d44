import { entropyToMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { assertArchiveKey } from "@xmtp-backup/core";

/**
 * An archive key (32 bytes) as 24 English words of BIP-39, the last of which holds a checksum.
 *
 * It is the key itself in another script. Show it only when the user asks, and never write it into a log or a form that is sent.
 *
 * @throws KEY_INVALID when `key` is not exactly 32 bytes
 *
 * @example
 * ```ts
 * import { generateArchiveKey } from "@xmtp-backup/core";
 * import { toRecoveryPhrase } from "@xmtp-backup/keys";
 *
 * const words = toRecoveryPhrase(generateArchiveKey()).split(" ");
 * console.log(words.length); // 24
 * ```
 */
export function toRecoveryPhrase(key: Uint8Array): string {
  assertArchiveKey(key);
  return entropyToMnemonic(key, wordlist);
}
