import { BackupError } from "../errors/backupError.ts";

/** No other length is accepted: docs/sdk-facts.md#key-length. */
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
  const fault = lengthFault(key);
  if (fault !== undefined)
    throw new BackupError("KEY_INVALID", `An archive key is exactly ${archiveKeyBytes} bytes; this one is ${fault}.`);
}

/**
 * What a key store's `add` checks first: 32 zeros are a buffer that somebody has overwritten, and no key.
 *
 * @throws KEY_INVALID when `key` is not exactly 32 bytes, or all of them are zero
 *
 * @example
 * ```ts
 * import { assertUsableKey } from "@xmtp-backup/core";
 *
 * const add = async (key: Uint8Array, keep: (copy: Uint8Array) => Promise<void>) => {
 *   assertUsableKey(key);
 *   await keep(new Uint8Array(key));
 * };
 * ```
 */
export function assertUsableKey(key: unknown): asserts key is Uint8Array {
  assertArchiveKey(key);
  if (isZeros(key)) throw new BackupError("KEY_INVALID", "These 32 bytes are all zero: the key was overwritten before it was added.");
}

/**
 * The usable ones of the keys that a store holds; each of the others is left out, and `onUnusable` says why.
 *
 * @example
 * ```ts
 * import { usableKeys } from "@xmtp-backup/core";
 *
 * const keys = usableKeys([new Uint8Array(32)], (reason) => console.warn(reason)); // []
 * ```
 */
export function usableKeys(found: readonly unknown[], onUnusable?: (reason: string) => void): Uint8Array[] {
  const usable: Uint8Array[] = [];
  for (const key of found) {
    const fault =
      lengthFault(key) ?? (isZeros(key as Uint8Array) ? `${archiveKeyBytes} zeros, as of a buffer that was overwritten` : undefined);
    if (fault === undefined) usable.push(key as Uint8Array);
    else onUnusable?.(`A stored key is ${fault}.`);
  }
  return usable;
}

function lengthFault(key: unknown): string | undefined {
  if (!(key instanceof Uint8Array)) return typeof key;
  return key.length === archiveKeyBytes ? undefined : `${key.length} bytes`;
}

function isZeros(key: Uint8Array): boolean {
  return key.every((byte) => byte === 0);
}
