import type { KeyStore } from "@xmtp-backup/core";

/** Every buffer that a key store has lent, to see whether it was overwritten. */
export type WatchedKeys = KeyStore & {
  /** How many lent buffers still hold a key. */
  left(): number;
  /** How many buffers were lent. */
  lent(): number;
};

export function watchedKeys(keys: KeyStore): WatchedKeys {
  const buffers: Uint8Array[] = [];
  return {
    async load(options) {
      const loaded = await keys.load(options);
      buffers.push(...loaded);
      return loaded;
    },
    add: (key, options) => keys.add(key, options),
    left: () => buffers.filter((buffer) => buffer.some((byte) => byte !== 0)).length,
    lent: () => buffers.length,
  };
}
