import { BackupError } from "../errors/backupError.ts";

/** The SDKs refuse shorter keys and silently cut longer ones, so nothing but this length is accepted. */
export const archiveKeyBytes = 32;

/**
 * A fresh archive key: 32 bytes from the platform's secure random source.
 *
 * @example
 * ```ts
 * import { generateArchiveKey } from "@xmtp-backup/core";
 *
 * const key = generateArchiveKey();
 * console.log(key.length); // 32
 * ```
 */
export function generateArchiveKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(archiveKeyBytes));
}

/** @throws KEY_INVALID when `key` is not exactly 32 bytes */
export function assertArchiveKey(key: unknown): asserts key is Uint8Array {
  if (key instanceof Uint8Array && key.length === archiveKeyBytes) return;
  const found = key instanceof Uint8Array ? `${key.length} bytes` : typeof key;
  throw new BackupError("KEY_INVALID", `An archive key is exactly ${archiveKeyBytes} bytes; this one is ${found}.`);
}
