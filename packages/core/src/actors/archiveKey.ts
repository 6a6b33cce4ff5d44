import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
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

/** A key for one purpose, which reveals neither the archive key nor any other derived one. */
export function deriveKey(archiveKey: Uint8Array, purpose: string, bytes = 32): Uint8Array {
  return hkdf(sha256, archiveKey, undefined, utf8ToBytes(`xmtp-backup/${purpose}/v1`), bytes);
}

/** Tells archive keys apart without revealing them: 16 hex digits. */
export function keyFingerprint(archiveKey: Uint8Array): string {
  return bytesToHex(deriveKey(archiveKey, "fingerprint", 8));
}
