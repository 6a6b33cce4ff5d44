import {
  assertShape,
  assertUsableKey,
  BackupError,
  deviceFull,
  isBackupError,
  isDeviceFull,
  type KeyStore,
  usableKeys,
} from "@xmtp-backup/core";
import { keyValueDatabase } from "../state/keyValueDatabase.ts";
import { notesIn } from "../state/notesIn.ts";

export type IndexedDbKeysOptions = {
  /** The name of the IndexedDB database, one for each user of the app. @default "xmtp-backup-keys" */
  database?: string;
};

/**
 * Keeps archive keys in IndexedDB, each wrapped (AES-KW) by a key that the browser makes and gives to no script.
 *
 * **Clearing the site's data loses these keys, and with them every archive that they made.** A browser that is short of room loses them
 * too, unless it was asked to keep them (`persistStorage`). So keep a second copy of each key where the user finds it on another device:
 * in a password manager, in the app's own account, or written down. The wrapping keeps the keys out of what reads the profile's files; a
 * script of the same origin can still use this store.
 *
 * @throws KEY_INVALID when the wrapping key is gone
 * @throws KEY_STORE_FAILED when the browser has no IndexedDB or refuses it, as some do in private windows
 *
 * @example
 * ```ts
 * import { indexedDbKeys } from "@xmtp-backup/browser";
 *
 * const keys = indexedDbKeys({ database: "my-app-archive-keys" });
 * ```
 */
export function indexedDbKeys(options: IndexedDbKeysOptions = {}): KeyStore {
  assertShape("indexedDbKeys", options, { database: "text?" });
  const { database = "xmtp-backup-keys" } = options;
  const values = keyValueDatabase(database);

  async function guarded<T>(shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      if (isDeviceFull(error)) throw deviceFull(shortMessage, error);
      throw isBackupError(error) ? error : new BackupError("KEY_STORE_FAILED", shortMessage, { cause: error });
    }
  }

  /** Made once; of two tabs that make one at the same time, both go on with that which was stored first. */
  async function wrappingKey(): Promise<CryptoKey> {
    const candidate = await crypto.subtle.generateKey({ name: "AES-KW", length: 256 }, false, ["wrapKey", "unwrapKey"]);
    await values.change("wrappingKey", (stored) => stored ?? candidate);
    return (await values.get("wrappingKey")) as CryptoKey;
  }

  return {
    notes: notesIn(values, "note:"),
    load: ({ signal, onUnusable } = {}) =>
      guarded("The archive keys can't be read.", signal, async () => {
        const stored = await values.get("wrapped");
        if (stored === undefined) return [];
        const by = await values.get("wrappingKey");
        if (by === undefined)
          throw new BackupError("KEY_INVALID", "The key that wraps the archive keys is gone, so none of them can be unwrapped.");
        const keys = await Promise.all(storedKeys(stored).map((wrapped) => unwrap(wrapped, by)));
        const unwrapped = keys.filter((key) => key !== undefined);
        for (const key of keys) if (!key) onUnusable?.("A stored key can't be unwrapped.");
        return usableKeys(unwrapped, onUnusable);
      }),

    add: (key, { signal } = {}) =>
      guarded("The archive key can't be written.", signal, async () => {
        assertUsableKey(key);
        const copy = new Uint8Array(key);
        try {
          const wrapped = await wrap(copy, await wrappingKey());
          signal?.throwIfAborted();
          // AES-KW gives the same bytes for the same key. Anything else stays where it is.
          await values.change("wrapped", (stored) => [wrapped, ...storedKeys(stored).filter((each) => !isSame(each, wrapped))]);
          // Site data that was cleared since has taken the wrapping key with it.
          const opened = await unwrap(wrapped, await values.get("wrappingKey"));
          const isKept = opened !== undefined && isSame(opened, copy);
          opened?.fill(0);
          if (!isKept) throw new BackupError("KEY_STORE_FAILED", "The browser did not keep the archive key.");
        } finally {
          copy.fill(0);
        }
      }),
  };
}

async function wrap(key: Uint8Array<ArrayBuffer>, by: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  // AES-KW wraps keys of Web Crypto only; what this one is for does not matter.
  const wrappable = await crypto.subtle.importKey("raw", key, "AES-GCM", true, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.wrapKey("raw", wrappable, by, "AES-KW"));
}

/** Undefined for what is no key, or one that another wrapping key has wrapped. */
async function unwrap(wrapped: unknown, by: unknown): Promise<Uint8Array | undefined> {
  try {
    const key = await crypto.subtle.unwrapKey("raw", wrapped as Uint8Array<ArrayBuffer>, by as CryptoKey, "AES-KW", "AES-GCM", true, [
      "encrypt",
    ]);
    return new Uint8Array(await crypto.subtle.exportKey("raw", key));
  } catch {
    return undefined;
  }
}

/** What is stored where keys should be: one thing of another kind is one key that can't be used. */
function storedKeys(stored: unknown): unknown[] {
  if (stored === undefined) return [];
  return Array.isArray(stored) ? stored : [stored];
}

function isSame(one: unknown, other: Uint8Array): boolean {
  return one instanceof Uint8Array && one.length === other.length && one.every((byte, index) => byte === other[index]);
}
