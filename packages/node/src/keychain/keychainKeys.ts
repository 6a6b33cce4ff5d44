import { assertShape, assertUsableKey, BackupError, createTurns, type KeyStore, untilAborted, usableKeys } from "@xmtp-backup/core";
import { keyPages } from "./keyPages.ts";
import { openKeychain } from "./openKeychain.ts";
import { withKeychainLock } from "./withKeychainLock.ts";

export type KeychainKeysOptions = {
  /** The app's name in the keychain, which no other app uses; its bundle id, for example. */
  service: string;
  /** Tells the keys of several inboxes on one machine apart. @default "archive-keys" */
  account?: string;
};

/** Those who add keys in this process take turns: what was added last is read before more is written. */
const turns = createTurns<"add">();

/**
 * Keeps archive keys in the keychain of the operating system, for the user who is signed in. That is Keychain of macOS, Credential
 * Manager of Windows, or Secret Service of Linux (GNOME Keyring, KWallet, KeePassXC). Needs the module `@napi-rs/keyring`, which it loads
 * with the first call.
 *
 * The system may ask the user to unlock the keychain. Nothing of it leaves the machine: keep a slot of a key ring that does. A server
 * without a desktop session has no keychain; `keychainAvailability` tells beforehand. Processes of one user take turns to add keys, by a
 * lock file in the user's state folder (`~/.local/state/xmtp-backup` on Linux), since a keychain can't order them.
 *
 * @throws KEYCHAIN_UNAVAILABLE when there is no keychain, when it stays locked, or when the app is refused
 * @throws KEY_STORE_FAILED when what lies there is not what was written; it is left as it is
 * @throws OPTIONS_INVALID when a name is empty
 *
 * @example
 * ```ts
 * import { keychainKeys } from "@xmtp-backup/node";
 *
 * const keys = keychainKeys({ service: "com.example.chat" });
 * ```
 */
export function keychainKeys(options: KeychainKeysOptions): KeyStore {
  assertShape("keychainKeys", options, { service: "text", account: "text?" });
  const { service, account = "archive-keys" } = options;
  if (!service || !account)
    throw new BackupError("OPTIONS_INVALID", "The names under which the keychain keeps the keys must not be empty.");
  const pages = keyPages(openKeychain(service), account);

  return {
    async load({ signal, onUnusable } = {}) {
      signal?.throwIfAborted();
      return usableKeys(await untilAborted(pages.load(), { signal }), onUnusable);
    },
    async add(key, options = {}) {
      const { signal } = options;
      signal?.throwIfAborted();
      assertUsableKey(key);
      const copy = new Uint8Array(key);
      const add = () => withKeychainLock(service, account, signal, () => pages.add(copy, options));
      const added = turns("add", add, { signal }).finally(() => copy.fill(0));
      // The keychain may go on asking the user: the caller waits no longer than it wants to.
      return untilAborted(added, { signal });
    },
  };
}
