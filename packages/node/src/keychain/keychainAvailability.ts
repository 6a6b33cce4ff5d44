import { type BackupError, toBackupError } from "@xmtp-backup/core";
import { entryOf } from "./openKeychain.ts";

export type KeychainAvailability =
  | { isAvailable: true }
  | {
      isAvailable: false;
      /** `KEYCHAIN_UNAVAILABLE`, with what the system says. */
      error: BackupError;
    };

/**
 * Whether there is a keychain on this machine that `keychainKeys` can use. Nothing is written, and the user is asked for nothing; that
 * a keychain stays locked, or refuses the app, shows with the first key alone.
 *
 * @example
 * ```ts
 * import { fileKeys, keychainAvailability, keychainKeys } from "@xmtp-backup/node";
 *
 * const { isAvailable } = await keychainAvailability();
 * const keys = isAvailable ? keychainKeys({ service: "com.example.chat" }) : fileKeys({ path: "/run/secrets/archive-keys" });
 * ```
 */
export async function keychainAvailability(): Promise<KeychainAvailability> {
  try {
    await entryOf("xmtp-backup", "availability");
    return { isAvailable: true };
  } catch (error) {
    return { isAvailable: false, error: toBackupError(error, "KEYCHAIN_UNAVAILABLE", "The system's keychain can't be asked.") };
  }
}
