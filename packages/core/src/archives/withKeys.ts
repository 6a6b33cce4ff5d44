import { BackupError } from "../errors/backupError.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { KeyStore } from "../ports/keyStore.ts";
import { usableKeys } from "./archiveKey.ts";
import { callPort } from "../ports/callPort.ts";

/**
 * Lends the keys of a store to `use`, newest first, and overwrites every buffer afterwards, whatever became of it.
 *
 * `unusable` says of each key that was left out what is wrong with it. A caller that needs a key for longer makes a copy, and overwrites
 * that.
 *
 * @throws KEY_STORE_FAILED when the store can't be read
 */
export async function withKeys<T>(
  keys: KeyStore,
  { signal }: CallOptions,
  use: (held: readonly Uint8Array[], unusable: readonly string[]) => T | Promise<T>,
): Promise<T> {
  const unusable: string[] = [];
  const onUnusable = (reason: string) => void unusable.push(reason);
  const lent: unknown = await callPort({ signal }, "KEY_STORE_FAILED", "The archive key could not be read.", () =>
    keys.load({ signal, onUnusable }),
  );
  if (!Array.isArray(lent)) throw new BackupError("KEY_STORE_FAILED", "The key store gave no list of keys.");
  try {
    return await use(usableKeys(lent, onUnusable), unusable);
  } finally {
    for (const key of lent) wipe(key);
  }
}

function wipe(key: unknown): void {
  if (key instanceof Uint8Array && key.buffer.byteLength > 0) key.fill(0);
}
