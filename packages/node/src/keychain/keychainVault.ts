import { assertShape, BackupError, type CallOptions, generateArchiveKey } from "@xmtp-backup/core";
import { keychainKeys, type KeychainKeysOptions } from "./keychainKeys.ts";

/** What `custom` of `@xmtp-backup/keys` makes a slot of. */
export type KeychainVault = {
  name: string;
  wrap(secret: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  unwrap(wrapped: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
};

const nonceBytes = 12;

/**
 * The system's keychain as the vault of a key ring's slot, which opens automatically at each start. The keychain holds one key that wraps
 * the slot's secret (AES-256-GCM), and the archive keys lie in the ring alone.
 *
 * Such a slot is gone with the machine. It is for not being asked, and never the only one.
 *
 * @throws OPTIONS_INVALID when an option is missing, unknown or no text
 * @throws KEYCHAIN_UNAVAILABLE as `keychainKeys` does
 * @throws KEY_MISSING when the slot was made on another machine
 *
 * @example
 * ```ts
 * import { keychainVault } from "@xmtp-backup/node";
 *
 * const vault = keychainVault({ service: "com.example.chat" }); // keys.addSlot(custom(vault))
 * ```
 */
export function keychainVault(given: KeychainKeysOptions): KeychainVault {
  assertShape("keychainVault", given, { service: "text", account: "text?" });
  const { service, account = "slot-key" } = given;
  const keys = keychainKeys({ service, account });

  async function withKeys<T>(options: CallOptions, run: (held: readonly Uint8Array[]) => Promise<T>): Promise<T> {
    const held = await keys.load(options);
    try {
      return await run(held);
    } finally {
      for (const key of held) key.fill(0);
    }
  }

  async function wrapUnder(key: Uint8Array, secret: Uint8Array): Promise<Uint8Array> {
    const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
    const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await cipherKey(key, "encrypt"), secret);
    return Buffer.concat([nonce, Buffer.from(wrapped)]);
  }

  return {
    name: "keychain",

    wrap: (secret, options = {}) =>
      withKeys(options, async ([held]) => {
        const key = held ?? generateArchiveKey();
        if (!held) await keys.add(key, options);
        try {
          return await wrapUnder(key, secret);
        } finally {
          key.fill(0);
        }
      }),

    unwrap: (wrapped, options = {}) =>
      withKeys(options, async (held) => {
        const bytes = new Uint8Array(wrapped);
        const algorithm = { name: "AES-GCM", iv: bytes.subarray(0, nonceBytes) };
        for (const key of held) {
          const secret = await crypto.subtle
            .decrypt(algorithm, await cipherKey(key, "decrypt"), bytes.subarray(nonceBytes))
            .catch(() => undefined);
          if (secret) return new Uint8Array(secret);
        }
        throw new BackupError("KEY_MISSING", "The keychain of this machine has no key for the slot.");
      }),
  };
}

function cipherKey(key: Uint8Array, usage: "encrypt" | "decrypt") {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, [usage]);
}
