import { assertUsableKey, type KeyStore } from "@xmtp-backup/core";

/** Keeps archive keys for as long as the process lives, for who opens the ring at each start. */
export function sessionKeys(): KeyStore {
  let keys: Uint8Array[] = [];
  return {
    async load({ signal } = {}) {
      signal?.throwIfAborted();
      return keys.map((key) => new Uint8Array(key));
    },
    async add(key, { signal } = {}) {
      signal?.throwIfAborted();
      assertUsableKey(key);
      keys = [new Uint8Array(key), ...keys.filter((other) => other.join() !== key.join())];
    },
  };
}
